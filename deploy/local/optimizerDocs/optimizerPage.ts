import { ablate, type OptimizerEntry } from "#core/optimizers/catalogueEntry.js";
import { hyperparameterTable, showValue } from "./hyperparameterTable.js";
import { code, codeBlock, linked, escape, page } from "./markdown.js";
import { miniLmParameters, stateMemory } from "./stateMemory.js";

/** The page of one optimizer. */
export function optimizerPage(entry: OptimizerEntry): string {
  const ablations = Object.entries(entry.ablations).map(([name, values]) => ablate(entry, name, values));
  return page([
    `# ${entry.name}`,
    escape(entry.description),
    codeBlock("text", formulaLines(entry.formula).join("\n")),
    "`theta` is the parameter, `g` the gradient (clipped, if the job clips), `t` the step from 1; `learning_rate` has the schedule in it.",
    `Source: ${linked(entry.source)}`,
    "## Hyperparameters",
    hyperparameterTable(entry.hyperparameters),
    "## Chain",
    chainOf(entry.chain),
    entry.others && `Parameters that are no hidden matrices: ${chainOf(entry.others)}`,
    "The elements are described in [elements.md](elements.md).",
    "## State",
    stateText(entry),
    ablations.length > 0 ? "## Ablations" : undefined,
    ablations.length > 0 ? "The same optimizer with one idea left out, accepted by name wherever an optimizer is:" : undefined,
    ablations
      .map((each) => `- ${code(each.name)}: ${settings(each, entry)}; ${each.stateSize} numbers of state for each parameter`)
      .join("\n"),
    entry.conflicts.length > 0 ? "## Conflicts" : undefined,
    entry.conflicts.map((conflict) => `- ${escape(conflict)}`).join("\n"),
    "## Example",
    codeBlock("sh", example(entry)),
  ]);
}

/** A formula with each assignment on a line of its own. */
function formulaLines(formula: string): string[] {
  return formula.split(/; /).map((line) => line.trim());
}

function chainOf(chain: OptimizerEntry["chain"]): string {
  return chain.map(({ element: { name } }) => `[${name}](elements.md#${name})`).join(" → ");
}

function stateText(entry: OptimizerEntry): string {
  const numbers = miniLmParameters.reduce((sum, { shape }) => sum + shape.reduce((product, axis) => product * axis, 1), 0);
  const isMatrix = entry.chain.some(({ element }) => element.kind === "matrix");
  const whose = entry.others ? " of a square hidden matrix" : isMatrix ? " of a square matrix (768 by 768)" : "";
  const unit = entry.stateSize === 1 ? "number" : "numbers";
  const memory = stateMemory(entry);
  return (
    `${entry.stateSize} ${unit} for each parameter${whose}, with the default hyperparameters; ` +
    `${memory.toFixed(1)} MiB for the ${(numbers / 1e6).toFixed(1)} million parameters of MiniLM with a head for two classes.`
  );
}

/** What an ablation sets, for example "`rectify` is `false`". */
function settings(ablated: OptimizerEntry, entry: OptimizerEntry): string {
  const values = Object.entries(entry.ablations[ablated.name.slice(`${entry.name}-without-`.length)] ?? {});
  return values.map(([name, value]) => `${code(name)} is ${code(showValue(value))}`).join(", ");
}

/** The command with the defaults that matter most written out. */
function example({ name, hyperparameters, chain }: OptimizerEntry): string {
  const shown = ["learning_rate", "weight_decay", "momentum"].flatMap((key) => hyperparameters.filter((each) => each.name === key));
  const choices = hyperparameters.filter(({ type }) => type === "text");
  const isScheduleFree = chain.some(({ element }) => element.name === "schedule_free");
  return [
    "stepwire train --train reviews.csv --text review --label stars",
    `  --optimizer ${name}${shown.map((each) => ` --${each.name.replaceAll("_", "-")} ${showValue(each.default)}`).join("")}`,
    ...choices.map((each) => `  --hyperparameter ${each.name}=${showValue(each.default)}`),
    ...(isScheduleFree ? ["  --schedule constant --warmup-ratio 0.1"] : []),
  ].join(" \\\n");
}
