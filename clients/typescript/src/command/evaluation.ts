import type { Command } from "commander";
import type { GlobalOptions } from "./globalOptions.js";
import type { Output } from "./output.js";

/** What commander read for `evaluation list`. */
export interface ListOptions extends GlobalOptions {
  job?: string;
  limit: string;
}

export function evaluationCommand(program: Command, output: Output): void {
  const evaluation = program.command("evaluation").description("List, show, cancel and delete evaluations; `evaluate` makes them.");

  evaluation
    .command("list")
    .description("List evaluations, newest first.")
    .option("--job <id>", "only those of this training job")
    .option("--limit <count>", "list at most this many", "20")
    .option("--json", "print JSON, one object a line")
    .action(async (_options: unknown, command: Command) => {
      const { listEvaluations } = await import("./runEvaluations.js");
      await listEvaluations(command.optsWithGlobals<ListOptions>(), output);
    });

  const one = (name: "show" | "cancel" | "delete", description: string) =>
    evaluation
      .command(name)
      .description(description)
      .argument("<evaluation>", "its id")
      .option("--json", "print JSON, one object a line")
      .action(async (id: string, _options: unknown, command: Command) => {
        const { actOnEvaluation } = await import("./runEvaluations.js");
        await actOnEvaluation(name, id, command.optsWithGlobals<GlobalOptions>(), output);
      });
  one("show", "Show an evaluation: its metrics, or how far it is.");
  one("cancel", "End an evaluation before it is done.");
  one("delete", "Remove an evaluation that has ended, with its stored predictions.");
}
