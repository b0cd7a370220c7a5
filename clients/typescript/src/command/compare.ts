import type { Command } from "commander";
import type { GlobalOptions } from "./globalOptions.js";
import type { Output } from "./output.js";
import { collect, strictNumber } from "./readValue.js";

interface CompareOptions extends GlobalOptions {
  group: string[];
  metric?: string;
  margin?: string;
  level: string;
  correction?: string;
  reference?: string;
  interval?: string;
  intended: string[];
}

/** Millions of predictions take longer than calls usually may. */
const deadlineMs = 600_000;

export function compareCommand(program: Command, output: Output): void {
  program
    .command("compare")
    .description("Say whether evaluated models, or configurations over several seeds, differ: a verdict for each pair.")
    .argument("[evaluation...]", "ids of evaluations of one model each")
    .option("--group <name=evaluation,...>", "a method: a name, and evaluations of its seeds; may be repeated", collect, [])
    .option(
      "--metric <name>",
      "accuracy, loss, macro_f1, balanced_accuracy, matthews_correlation, roc_auc or brier (default: accuracy, or the loss where nothing is classified)",
    )
    .option("--margin <difference>", "the smallest difference that matters, chosen beforehand; without it nothing is EQUIVALENT")
    .option("--level <level>", "confidence level of the intervals, above 0 and below 1", "0.95")
    .option("--correction <name>", "for several pairs: holm or benjamini-hochberg (default: holm)")
    .option("--reference <group>", "compare every other group with this one only")
    .option("--interval <name>", "of a difference of two models' accuracies: tango or newcombe (default: tango)")
    .option("--intended <name>", "what is meant to differ besides optimizer and seed, for example batch_size; may be repeated", collect, [])
    .option("--json", "print JSON, one object a line")
    .addHelpText(
      "after",
      `
What is compared was trained on the same rows from the same weights under the same schedule, and measured on the same examples; only the
optimizer and the seed may differ, and what --intended names.

Examples:
  stepwire compare evaluation-1a2b evaluation-3c4d --margin 0.01
  stepwire compare --group adamw=e1,e2,e3 --group sgd=e4,e5,e6 --reference sgd --json`,
    )
    .action(async (ids: string[], _options: unknown, command: Command) => {
      const [{ withServices }, { reportComparison }, { interrupt }, { requireValid }, { globalViolations }] = await Promise.all([
        import("./services.js"),
        import("./reportComparison.js"),
        import("./interrupt.js"),
        import("../calls/checkArguments.js"),
        import("./globalOptions.js"),
      ]);
      const { group, margin, level, intended, ...options } = command.optsWithGlobals<CompareOptions>();
      const numbers = {
        level: strictNumber("--level", level),
        ...(margin !== undefined && { margin: strictNumber("--margin", margin) }),
      };
      requireValid(globalViolations(options), numbers.level.violations, numbers.margin?.violations ?? []);
      await withServices(options, { evaluator: true, mayStart: true }, output, async (stepwire) => {
        const { metric, correction, reference, interval } = options;
        const comparison = await stepwire.evaluations.compare(
          {
            groups: [...ids.map((id) => ({ evaluations: [id] })), ...group.map(readGroup)],
            ...{ metric, correction, reference, interval },
            level: numbers.level.value,
            margin: numbers.margin?.value,
            intendedDifferences: intended,
          },
          { signal: interrupt().signal, deadlineMs },
        );
        reportComparison(comparison, output);
      });
    });
}

/** `adamw=e1,e2`, or without a name `e1,e2`. */
function readGroup(text: string): { name: string; evaluations: string[] } {
  const [, name = "", list = ""] = /^(?:([^=]*)=)?(.*)$/s.exec(text) ?? [];
  return { name: name.trim(), evaluations: list.split(",").map((id) => id.trim()) };
}
