import type { Command } from "commander";
import type { GlobalOptions } from "./globalOptions.js";
import { createOutput } from "./output.js";

export function cancelCommand(program: Command): void {
  program
    .command("cancel")
    .description("Cancel a training job.")
    .argument("<job>", "the job's id")
    .option("--json", "print JSON, one object a line")
    .addHelpText("after", "\nExample:\n  stepwire cancel job-1a2b3c")
    .action(async (id: string, _options: unknown, command: Command) => {
      const { withServices } = await import("./services.js");
      const output = createOutput(command.opts<GlobalOptions>().json ?? false);
      const job = await withServices(command.optsWithGlobals<GlobalOptions>(), { trainer: true }, output, (stepwire) =>
        stepwire.jobs.cancel(id),
      );
      output.line("state", { job: job.id, state: job.state });
      output.print(`training job ${job.id} is ${job.state}`);
    });
}
