import type { OptimizerEntry } from "#core/optimizers/catalogueEntry.js";
import { showValue } from "./hyperparameterTable.js";
import { originKinds, origins } from "./learningRateOrigins.js";
import { code, linked, numeral, page, table } from "./markdown.js";
import { type PilotRun, pilots } from "./pilot.js";

/** The page that says where every default learning rate comes from, and what was measured. */
export function learningRatesPage(optimizers: readonly OptimizerEntry[], runs: readonly PilotRun[]): string {
  const measured = optimizers.filter((entry) => atDefault(entry, runs).length > 0);
  const others = optimizers.filter((entry) => !measured.includes(entry));
  return page([
    "# Default learning rates",
    "A default here is a place to start, not a tuned value. Comparing two optimizers at their defaults compares the defaults as much as the " +
      "optimizers: tune both with the same effort, and look at the intervals.",
    `Of the ${optimizers.length} optimizers, ${measured.length} were measured with all their defaults: ${measured.map((entry) => `${code(entry.name)} ${measurements(atDefault(entry, runs))}`).join("; ")}. ` +
      `These ${others.length} were not: ${names(others)}.`,
    "## Where each comes from",
    table(
      ["what it rests on", "which means"],
      Object.entries(originKinds).map(([kind, text]) => [kind, linked(text)]),
    ),
    table(
      ["optimizer", "default", "rests on", "more", "measured at the default"],
      optimizers.map((entry) => {
        const origin = origins[entry.name];
        return [
          `[${entry.name}](${entry.name}.md)`,
          code(numeral(defaultRate(entry))),
          origin?.kind ?? "see its page",
          linked(origin?.text ?? ""),
          measurements(atDefault(entry, runs)) || "no",
        ];
      }),
    ),
    "## Measurements",
    "Every run is a line of [pilot.jsonl](pilot.jsonl). The standard error is that of a share, √(p (1 - p) / n): it knows of the " +
      "examples only, not of the seed, which adds to it. Differences of less than about three of them say nothing. The optimizer is the one of " +
      "the catalogue that comes closest to what was run.",
    ...Object.entries(pilots).flatMap(([name, { text }]) => [`### ${name}`, text, runTable(runs.filter((run) => run.pilot === name))]),
    "In the larger pilot no composition did better than AdamW at its best rate by more than a fraction of the standard error; what layer-wise decay did " +
      "is make a high rate safe (.867 at 4e-4, where AdamW had .811).",
  ]);
}

function defaultRate({ hyperparameters }: OptimizerEntry): number {
  return Number(hyperparameters.find(({ name }) => name === "learning_rate")?.default);
}

/** The runs of this optimizer with its default hyperparameters and nothing else. */
function atDefault(entry: OptimizerEntry, runs: readonly PilotRun[]): PilotRun[] {
  return runs.filter(
    (run) =>
      run.optimizer === entry.name &&
      run.learningRate === defaultRate(entry) &&
      run.what === undefined &&
      run.hyperparameters === undefined,
  );
}

/** Accuracies by what program trained, for example ".853, .856 (Stepwire)". */
function measurements(runs: readonly PilotRun[]): string {
  return Object.entries(pilots)
    .map(([name, { program }]) => ({ program, own: runs.filter(({ pilot }) => pilot === name) }))
    .filter(({ own }) => own.length > 0)
    .map(({ program, own }) => `${own.map(result).join(", ")} (${program})`)
    .join("; ");
}

function runTable(runs: readonly PilotRun[]): string {
  return table(
    ["optimizer", "what was run", "learning rate", "steps", "seed", "accuracy", "standard error", "examples"],
    runs.map((run) => [
      run.optimizer,
      [run.what ?? "", ...Object.entries(run.hyperparameters ?? {}).map(([name, value]) => code(`${name}=${showValue(value)}`))]
        .filter((text) => text !== "")
        .join(", "),
      code(numeral(run.learningRate)),
      `${run.steps}`,
      run.seed === undefined ? "" : `${run.seed}`,
      result(run),
      run.accuracy === null ? "" : shown(Math.sqrt((run.accuracy * (1 - run.accuracy)) / run.examples), 4),
      `${run.examples}`,
    ]),
  );
}

function result({ accuracy }: PilotRun): string {
  return accuracy === null ? "diverged" : shown(accuracy, 3);
}

function shown(share: number, digits: number): string {
  return share.toFixed(digits).replace(/^0/, "");
}

function names(entries: readonly OptimizerEntry[]): string {
  return entries.map(({ name }) => code(name)).join(", ");
}
