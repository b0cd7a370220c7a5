/** One training run of a pilot, as a line of `docs/optimizers/pilot.jsonl`. */
export interface PilotRun {
  /** The name of the pilot that it belongs to: `pilots` says what all its runs have in common. */
  readonly pilot: string;
  /** Of the catalogue: what comes closest. */
  readonly optimizer: string;
  /** Those that are not the defaults. */
  readonly hyperparameters?: Readonly<Record<string, number | boolean | string>>;
  /** What was run, where it is not simply that optimizer. */
  readonly what?: string;
  readonly learningRate: number;
  /** Share of right answers; null: it diverged. */
  readonly accuracy: number | null;
  /** Examples that the accuracy is of. */
  readonly examples: number;
  /** Steps of training. */
  readonly steps: number;
  readonly seed?: number;
}

/** By name: what trained, and what all runs of the pilot have in common. */
export const pilots: Readonly<Record<string, { program: string; text: string }>> = {
  "pytorch-8000": {
    program: "PyTorch",
    text:
      "PyTorch, not Stepwire: MiniLM, the first 8,000 training rows of SST-2, 2 epochs, batches of 32, one seed; accuracy on dev and test together, " +
      "2,693 sentences.",
  },
  "stepwire-8000": {
    program: "Stepwire",
    text:
      "Stepwire: MiniLM, 8,000 training rows of SST-2 after a seeded shuffle, 2 epochs, batches of 32, linear schedule with 6% warm-up, clipping at 1; " +
      "accuracy on dev, 872 sentences. From [performance.md](../performance.md), which has transformers' accuracies beside them.",
  },
  "stepwire-6400": {
    program: "Stepwire, 200 steps",
    text:
      "Stepwire, `npm run pilot:learning-rates`: MiniLM, 6,400 training rows of SST-2 after a seeded shuffle, 1 epoch, batches of 32, at most 64 " +
      "tokens, linear schedule with 10% warm-up, clipping at 1, seed 1; accuracy on dev and test together, 2,693 sentences.",
  },
  "200-steps": {
    program: "PyTorch, 200 steps",
    text: "PyTorch, not Stepwire: MiniLM, SST-2, 200 steps, batches of 32, linear schedule with 10% warm-up, clipping at 1, one seed; accuracy on dev, 872 sentences.",
  },
};

/**
 * Reads the lines of the data file.
 * @throws Error that names every line with a fault
 */
export function parsePilot(jsonl: string): PilotRun[] {
  const faults: string[] = [];
  const runs = jsonl.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const run = JSON.parse(line) as PilotRun;
    const accuracyFits = run.accuracy === null || (run.accuracy >= 0 && run.accuracy <= 1);
    const countsFit = [run.learningRate, run.examples, run.steps].every((value) => typeof value === "number" && value > 0);
    if (!(run.pilot in pilots)) faults.push(`line ${index + 1}: there is no pilot "${run.pilot}"`);
    if (!accuracyFits) faults.push(`line ${index + 1}: accuracy is ${run.accuracy}; allowed: 0 to 1, or null where training diverged`);
    if (!countsFit) faults.push(`line ${index + 1}: learningRate, examples and steps must be numbers above 0`);
    return [run];
  });
  if (faults.length > 0) throw new Error(`pilot.jsonl: ${faults.join("; ")}`);
  return runs;
}
