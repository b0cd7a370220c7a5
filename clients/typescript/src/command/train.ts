import { type Command, Option } from "commander";
import type { Output } from "./output.js";
import { collect } from "./readValue.js";
import { trainFlags } from "./trainFlags.js";

export function trainCommand(program: Command, output: Output): void {
  const command = program.command("train").description("Fine-tune a model on labelled texts, watch it, and measure the result.");
  const group = (heading: string, options: readonly Option[]): void => {
    for (const option of options) command.addOption(option.helpGroup(heading));
  };
  group("Data:", [
    new Option("--train <file>", "rows to train on: .csv, .tsv (no quoting), .jsonl or .parquet"),
    new Option("--eval <file>", "rows to validate on (default: a tenth of the training rows)"),
    new Option("--test <file>", "rows that only the final evaluation sees"),
    new Option("--dataset <id>", "a data set that was imported before, instead of files"),
    new Option("--text <column>", 'the column with the text (default: "text")'),
    new Option("--text-pair <column>", "the column with the second text of a pair"),
    new Option("--label <column>", 'the column with the label (default: "label")'),
    new Option("--target <column>", "the column with numbers, for a regression"),
    new Option("--prompt <column>", "the column with texts that are only read, before completions"),
    new Option("--completion <column>", "the column with texts that a language model learns to write"),
  ]);
  group("Training:", [
    ...trainFlags.map(({ flags, description }) => new Option(flags, description)),
    repeated("--hyperparameter <name=value>", "any hyperparameter of the optimizer; may be repeated"),
    repeated("--lora-target <name>", "linear layers with an adapter, such as query, or all-linear; may be repeated"),
    repeated("--schedule-option <name=value>", "an option of the schedule; may be repeated"),
    repeated("--element <name[:key=value,...]>", "the next element of a chain of your own, instead of an optimizer; may be repeated"),
    repeated("--wrap <name[:key=value,...]>", "a wrapper around the optimizer; may be repeated, the innermost first"),
    repeated(
      "--group <pattern:key=value,...>",
      "learning_rate_scale and decayed for the parameters whose names match, * standing for any text; may be repeated",
    ),
  ]);
  group("Job:", [
    new Option("--job-id <id>", "lower-case letters, digits and hyphens (default: made by the server)"),
    new Option("--request-id <id>", "the same request id and settings return the same job"),
    repeated("--job-label <key=value>", "a label to find the job by; may be repeated"),
    new Option("--validate-only", "check everything and show the plan; train nothing"),
    new Option("--detach", "leave once the job is queued (needs running services)"),
    new Option("--no-evaluate", "do not evaluate the result"),
    new Option("--json", "print JSON, one object a line"),
  ]);
  command.addHelpText(
    "after",
    `
The result is evaluated on the test rows when there are some, otherwise on the validation rows. Ctrl-C cancels the job; a second one leaves at
once. When no service answers and no address was given, a private stack runs for as long as the command does. \`stepwire optimizers\` lists the
optimizers, \`stepwire optimizers --elements\` what --element and --wrap take.

Examples:
  stepwire train --train reviews.csv --text review --label stars --optimizer adamw --learning-rate 5e-5
  stepwire train --train train.tsv --eval dev.tsv --text sentence --optimizer sgd --momentum 0.9 --epochs 2 --seed 1 --json
  stepwire train --dataset reviews --optimizer adamw --hyperparameter beta2=0.98 --validate-only
  stepwire train --dataset reviews --optimizer adamw --schedule polynomial --schedule-option power=2 --wrap lookahead:lookahead_steps=5
  stepwire train --dataset reviews --element scale_by_adam:beta2=0.98 --element scale_by_learning_rate:learning_rate=1e-4 \\
    --group "bert.embeddings.*:learning_rate_scale=0.1,decayed=false"`,
  );
  command.action(async () => {
    const { runTrain } = await import("./runTrain.js");
    await runTrain(command.optsWithGlobals(), output);
  });
}

/** An option that may be given several times, in order. */
function repeated(flags: string, description: string): Option {
  return new Option(flags, description).argParser(collect).default([], "none");
}
