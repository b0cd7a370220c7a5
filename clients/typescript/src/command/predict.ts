import type { Command } from "commander";
import type { GlobalOptions } from "./globalOptions.js";
import type { Output } from "./output.js";

/** What commander read. */
export interface PredictOptions extends GlobalOptions {
  file?: string;
  pair?: string;
}

export function predictCommand(program: Command, output: Output): void {
  program
    .command("predict")
    .description("Show what a succeeded job's checkpoint makes of texts: the probability of each class, or a number.")
    .argument("<job>", "the job's id")
    .argument("[texts...]", "texts, each an argument")
    .option("--file <path>", "texts from a file, one a line, - for standard input; .jsonl: objects with text and text_pair")
    .option("--pair <text>", "the second text, where the job has learnt from pairs and one text is given")
    .option("--json", "print JSON, one object a line")
    .addHelpText(
      "after",
      '\nExamples:\n  stepwire predict job-1a2b3c "my parcel is late" "thank you"\n  stepwire predict job-1a2b3c --file messages.txt --json | jq .label',
    )
    .action(async (id: string, texts: string[], _options: unknown, command: Command) => {
      const { runPredict } = await import("./runPredict.js");
      await runPredict(id, texts, command.optsWithGlobals<PredictOptions>(), output);
    });
}
