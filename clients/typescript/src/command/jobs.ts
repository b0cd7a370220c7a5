import type { Command } from "commander";
import type { TrainingJobState } from "../messages.js";
import { decimals, table } from "./format.js";
import type { GlobalOptions } from "./globalOptions.js";
import type { Output } from "./output.js";
import { collect, keyValues, wholeNumber } from "./readValue.js";

interface JobsOptions extends GlobalOptions {
  state: string[];
  jobLabel: string[];
  limit: string;
}

export function jobsCommand(program: Command, output: Output): void {
  program
    .command("jobs")
    .description("List training jobs, newest first, or show one.")
    .argument("[job]", "a job's id: show everything about it")
    .option("--state <state>", "only jobs in this state, for example running; may be repeated", collect, [])
    .option("--job-label <key=value>", "only jobs with this label; may be repeated", collect, [])
    .option("--limit <count>", "list at most this many", "20")
    .option("--json", "print JSON, one object a line")
    .addHelpText(
      "after",
      "\nExamples:\n  stepwire jobs\n  stepwire jobs --state running --state queued --limit 5\n  stepwire jobs job-1a2b3c",
    )
    .action(async (id: string | undefined, _options: unknown, command: Command) => {
      const [{ withServices }, { reportJob }, { messageJson }, { requireValid }, { globalViolations }] = await Promise.all([
        import("./services.js"),
        import("./reportJob.js"),
        import("../mapping/messageJson.js"),
        import("../calls/checkArguments.js"),
        import("./globalOptions.js"),
      ]);
      const options = command.optsWithGlobals<JobsOptions>();
      const faults = { limit: wholeNumber("--limit", options.limit, 1), labels: keyValues("--job-label", options.jobLabel) };
      requireValid(globalViolations(options), faults.limit.violations, faults.labels.violations);
      await withServices(options, { trainer: true }, output, async (stepwire) => {
        if (id !== undefined) {
          reportJob(await (await stepwire.jobs.get(id)).get(), output);
          return;
        }
        // The SDK refuses what is no state.
        const states = options.state.map((state) => state.toUpperCase() as Exclude<TrainingJobState, "UNSPECIFIED">);
        const limit = faults.limit.value;
        const rows = [["ID", "STATE", "STEP", "LOSS", "OPTIMIZER", "MODEL", "CREATED"]];
        for await (const job of stepwire.jobs.list({ states, labels: faults.labels.value, pageSize: Math.min(limit, 1000) })) {
          output.line("job", messageJson("stepwire.v1.TrainingJob", job.snapshot, "plain"));
          const { progress } = job;
          const step = progress ? `${progress.step}/${progress.totalSteps}` : "-";
          rows.push([
            job.id,
            job.state,
            step,
            decimals(progress?.loss, 4),
            job.optimizer?.name ?? "",
            job.model,
            job.createTime?.toISOString() ?? "",
          ]);
          if (rows.length > limit) break;
        }
        output.print(rows.length === 1 ? "There is no such training job." : table(rows));
      });
    });
}
