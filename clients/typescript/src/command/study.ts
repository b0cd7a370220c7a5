import type { Command } from "commander";
import type { GlobalOptions } from "./globalOptions.js";
import type { Output } from "./output.js";

/** What commander read for `study run`. */
export interface StudyRunOptions extends GlobalOptions {
  output?: string;
  detach?: boolean;
  validateOnly?: boolean;
}

/** What commander read for `study report`. */
export interface StudyReportOptions extends GlobalOptions {
  format: string;
  output?: string;
}

export function studyCommand(program: Command, output: Output): void {
  const study = program
    .command("study")
    .description("Compare optimizers under one declared budget: tuning trials, seeds, one evaluation on the test split, verdicts.");

  study
    .command("run")
    .description("Start a study, or go on with the one that the file has started, and show it until its report is there.")
    .argument("<file>", "the declaration (YAML); docs/study.schema.json says what it may hold")
    .option("--output <folder>", "write report.md, report.json and report.html here when it is done")
    .option("--validate-only", "say what would be done, and start nothing")
    .option("--detach", "print the study's id and leave; `stepwire study watch` shows it")
    .option("--json", "print JSON, one object a line")
    .addHelpText(
      "after",
      "\nCtrl-C ends the showing; the study goes on where services run, and with the next `study run` of the same file otherwise.\n\n" +
        "Examples:\n  stepwire study run studies/seed/smoke.yaml --validate-only\n  stepwire study run studies/seed/bundled.yaml --output report",
    )
    .action(async (file: string, _options: unknown, command: Command) => {
      const { runStudy } = await import("./runStudy.js");
      await runStudy(file, command.optsWithGlobals<StudyRunOptions>(), output);
    });

  study
    .command("watch")
    .description("Show a study until it ends.")
    .argument("<study>", "its id, or its file")
    .option("--json", "print JSON, one object a line")
    .action(async (name: string, _options: unknown, command: Command) => {
      const { watchStudy } = await import("./runStudy.js");
      await watchStudy(name, command.optsWithGlobals<GlobalOptions>(), output);
    });

  study
    .command("report")
    .description("Print the report of a study that has succeeded.")
    .argument("<study>", "its id, or its file")
    .option("--format <format>", "markdown, json or html", "markdown")
    .option("--output <file>", "write it to a file instead")
    .action(async (name: string, _options: unknown, command: Command) => {
      const { printReport } = await import("./runStudy.js");
      await printReport(name, command.optsWithGlobals<StudyReportOptions>(), output);
    });

  study
    .command("cancel")
    .description("End a study and the jobs that it has running; what has ended stays.")
    .argument("<study>", "its id, or its file")
    .option("--json", "print JSON, one object a line")
    .action(async (name: string, _options: unknown, command: Command) => {
      const { cancelStudy } = await import("./runStudy.js");
      await cancelStudy(name, command.optsWithGlobals<GlobalOptions>(), output);
    });

  study
    .command("list")
    .description("List studies, newest first.")
    .option("--limit <count>", "list at most this many", "20")
    .option("--json", "print JSON, one object a line")
    .action(async (_options: unknown, command: Command) => {
      const { listStudies } = await import("./runStudy.js");
      await listStudies(command.optsWithGlobals<GlobalOptions & { limit: string }>(), output);
    });
}
