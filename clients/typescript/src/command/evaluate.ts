import type { Command } from "commander";
import { quote } from "../mapping/quote.js";
import type { GlobalOptions } from "./globalOptions.js";
import type { Output } from "./output.js";
import { shown } from "./printable.js";
import { type Read, strictNumber, wholeNumber } from "./readValue.js";

export interface EvaluateOptions extends GlobalOptions {
  split?: string;
  level: string;
  interval?: string;
  bootstrap?: string;
  resamples?: string;
  seed?: string;
  predictions?: string;
  model?: string;
  dataset?: string;
  task?: string;
  classes?: string;
  trainingSeed?: string;
}

export function evaluateCommand(program: Command, output: Output): void {
  program
    .command("evaluate")
    .description(
      "Measure a succeeded job's checkpoint on a split of its data set, or predictions that were made elsewhere, with confidence intervals.",
    )
    .argument("[job]", "the job's id")
    .option("--split <name>", "a split that the job was not trained on (what it validated on)")
    .option("--predictions <file>", "JSON Lines of predictions made elsewhere, in the place of a job: see docs/evaluation.md")
    .option("--model <name>", "what made the predictions")
    .option("--dataset <name>", "of which examples the predictions are")
    .option("--task <name>", "of the predictions: classification (the default), regression or causal_lm")
    .option("--classes <names>", "of the predictions, separated by commas; found in the file by default")
    .option("--training-seed <number>", "of the model that made the predictions (0)")
    .option("--level <level>", "confidence level of the intervals, above 0 and below 1", "0.95")
    .option("--interval <method>", "of the accuracy: wilson (the default), clopper-pearson, agresti-coull or jeffreys")
    .option("--bootstrap <method>", "of metrics without an interval in closed form: bca (the default) or percentile")
    .option("--resamples <count>", "of the bootstrap (10000)")
    .option("--seed <number>", "of the bootstrap (0)")
    .option("--json", "print JSON, one object a line")
    .addHelpText(
      "after",
      '\nExamples:\n  stepwire evaluate job-1a2b3c --split test\n  stepwire evaluate job-1a2b3c --level 0.99 --json\n  stepwire evaluate --predictions mine.jsonl --model mine --dataset "SST-2 test"',
    )
    .action(async (id: string | undefined, _options: unknown, command: Command) => {
      const [{ withServices }, { reportEvaluation }, { interrupt }, { requireValid }, { globalViolations }, sent] = await Promise.all([
        import("./services.js"),
        import("./reportEvaluation.js"),
        import("./interrupt.js"),
        import("../calls/checkArguments.js"),
        import("./globalOptions.js"),
        import("./sentPredictions.js"),
      ]);
      const options = command.optsWithGlobals<EvaluateOptions>();
      const level = strictNumber("--level", options.level);
      const [resamples, seed] = [optional("--resamples", options.resamples), optional("--seed", options.seed)];
      const trainingSeed = optional("--training-seed", options.trainingSeed);
      const numbers = [level, resamples, seed, trainingSeed].flatMap(({ violations }) => violations);
      const ofSource = sent.sourceViolations(id, options);
      // What else is wrong with predictions is told together with the numbers.
      requireValid(globalViolations(options), ofSource, ofSource.length > 0 || id !== undefined ? numbers : []);
      const intervals = {
        ...{ level: sound(level), interval: options.interval },
        bootstrap: { method: options.bootstrap, resamples: sound(resamples), seed: sound(seed) },
      };
      await withServices(options, { evaluator: true, mayStart: true }, output, async (stepwire) => {
        const { signal } = interrupt();
        if (id === undefined) {
          const flags = { ...intervals, seed: sound(trainingSeed), violations: numbers };
          reportEvaluation(await sent.evaluatePredictions(stepwire, options, flags, output, signal), output);
        } else {
          const { split } = options;
          output.live(`evaluating ${shown(id)} on ${split === undefined ? "what it validated on" : `"${shown(split)}"`}`);
          const evaluation = await stepwire.evaluations.create({ trainingJob: id, split, ...intervals }, { signal });
          reportEvaluation(await evaluation.result({ signal }), output);
        }
        output.live("");
      });
    });
}

interface Optional {
  value: number | undefined;
  violations: Read<number>["violations"];
}

/** Seeds are sent in 32 bits. */
const greatestSeed = 2 ** 32 - 1;

function optional(flag: string, text: string | undefined): Optional {
  if (text === undefined) return { value: undefined, violations: [] };
  const read = wholeNumber(flag, text, 0);
  if (read.violations.length > 0 || !flag.endsWith("seed") || read.value <= greatestSeed) return read;
  const description = `${quote(text)} is out of range; allowed: 0 to ${greatestSeed}`;
  return { value: undefined, violations: [{ field: flag, reason: "OUT_OF_RANGE", description }] };
}

function sound({ value, violations }: Optional): number | undefined {
  return violations.length > 0 ? undefined : value;
}
