import type { Command } from "commander";
import type { GlobalOptions } from "./globalOptions.js";
import type { Output } from "./output.js";

export function cancelCommand(program: Command, output: Output): void {
  program
    .command("cancel")
    .description("Cancel a training job.")
    .argument("<job>", "the job's id")
    .option("--json", "print JSON, one object a line")
    .addHelpText("after", "\nExamples:\n  stepwire cancel job-1a2b3c\n  stepwire cancel job-1a2b3c --json")
    .action(async (id: string, _options: unknown, command: Command) => {
      const [{ withServices }, { shown }] = await Promise.all([import("./services.js"), import("./printable.js")]);
      const job = await withServices(command.optsWithGlobals<GlobalOptions>(), { trainer: true }, output, (stepwire) =>
        stepwire.jobs.cancel(id),
      );
      output.line("state", { job: job.id, state: job.state });
      output.print(`training job ${shown(job.id)} is ${job.state}`);
    });
}
