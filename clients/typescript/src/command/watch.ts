import type { Command } from "commander";
import type { GlobalOptions } from "./globalOptions.js";
import type { Output } from "./output.js";

export function watchCommand(program: Command, output: Output): void {
  program
    .command("watch")
    .description("Show everything that happens to a training job, from its beginning, until it ends.")
    .argument("<job>", "the job's id")
    .option("--json", "print JSON, one object a line")
    .addHelpText(
      "after",
      "\nCtrl-C ends the watch; the job goes on.\n\nExamples:\n  stepwire watch job-1a2b3c\n  stepwire watch job-1a2b3c --json | jq .loss",
    )
    .action(async (id: string, _options: unknown, command: Command) => {
      const [{ withServices }, { followJob }, { reportResult }, { interrupt }] = await Promise.all([
        import("./services.js"),
        import("./followJob.js"),
        import("./reportJob.js"),
        import("./interrupt.js"),
      ]);
      await withServices(command.optsWithGlobals<GlobalOptions>(), { trainer: true }, output, async (stepwire) => {
        const { signal } = interrupt();
        const job = await stepwire.jobs.get(id, { signal });
        await followJob(job, output, signal);
        await job.result({ signal });
        reportResult(await job.get({ signal }), output);
      });
    });
}
