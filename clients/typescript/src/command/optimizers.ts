import type { Command } from "commander";
import type { Output } from "./output.js";

export function optimizersCommand(program: Command, output: Output): void {
  program
    .command("optimizers")
    .description("List the optimizers that a job can name, or describe one.")
    .argument("[name]", "an optimizer: show its formula, source and hyperparameters; with --elements, an element")
    .option("--elements", "the elements that custom chains are made of, instead")
    .option("--json", "print JSON, one object a line")
    .addHelpText(
      "after",
      "\nExamples:\n  stepwire optimizers\n  stepwire optimizers adamw\n  stepwire optimizers --elements\n  stepwire optimizers scale_by_adam --elements",
    )
    .action(async (name: string | undefined, _options: unknown, command: Command) => {
      const { runOptimizers } = await import("./runOptimizers.js");
      await runOptimizers(name, command.optsWithGlobals(), output);
    });
}
