import type { Optimizer, OptimizerElement } from "../messages.js";
import { decimals, numeral } from "./format.js";
import { hanging } from "./hanging.js";
import { shown, shownLong } from "./printable.js";

type Hyperparameter = Optimizer["hyperparameters"][number];

/** Lines longer than this are hard to read. */
const mostColumns = 100;

/** Everything about an optimizer, wrapped. */
export function optimizerText(optimizer: Optimizer, columns: number): string {
  const width = Math.min(columns, mostColumns);
  const { chain, otherChain, ablations, conflicts } = optimizer;
  const facts: [string, string][] = [
    ["source", optimizer.source],
    [otherChain.length > 0 ? "chain, hidden matrices" : "chain", chain.join(" -> ")],
    ["chain, all others", otherChain.join(" -> ")],
    ["state size", `${decimals(optimizer.stateSize)} x the parameters`],
    ["ablations", ablations.join(", ")],
    ...conflicts.map((conflict, index): [string, string] => [index === 0 ? "conflicts" : "", conflict]),
  ];
  return [
    hanging("", `${shown(optimizer.name)}: ${shownLong(optimizer.description)}`, width),
    "",
    ...optimizer.formula.split(/\n|; /).map((line) => hanging("  ", shownLong(line), width, 4)),
    ...symbols(optimizer.formula).map((line) => hanging("  ", line, width)),
    "",
    ...labelled(
      facts.filter(([, text]) => text !== ""),
      width,
    ),
    ...hyperparameterLines(optimizer.hyperparameters, width),
  ].join("\n");
}

/** Everything about an element of chains, wrapped. */
export function elementText({ name, description, kind, hyperparameters }: OptimizerElement, columns: number): string {
  const width = Math.min(columns, mostColumns);
  return [
    hanging("", `${shown(name)}: ${shownLong(description)}`, width),
    "",
    `kind  ${kindText(kind)}`,
    ...hyperparameterLines(hyperparameters, width),
  ].join("\n");
}

/** `MATRIX_TRANSFORM` as `matrix transform`. */
export function kindText(kind: OptimizerElement["kind"]): string {
  return kind.toLowerCase().replaceAll("_", " ");
}

/** What the letters of a formula stand for, on a line after it. */
function symbols(formula: string): string[] {
  const known = [
    [/\btheta\b/, "theta: the parameter"],
    [/\bg\b/, "g: the gradient (clipped, if the job clips)"],
    [/\bt\b/, "t: the step, from 1"],
  ] as const;
  const found = known.flatMap(([pattern, text]) => (pattern.test(formula) ? [text] : []));
  return found.length === 0 ? [] : ["", found.join("; ")];
}

function hyperparameterLines(hyperparameters: readonly Hyperparameter[], width: number): string[] {
  if (hyperparameters.length === 0) return ["", "It has no hyperparameters."];
  const blocks = hyperparameters.map((each): [string, string][] => [
    [`  ${each.name}`, `default ${valueText(each.defaultValue)}; ${each.type}, ${each.range}${each.unit === "" ? "" : `; ${each.unit}`}`],
    ["", each.description],
  ]);
  return ["", "hyperparameters", ...labelled(blocks.flat(), width)];
}

function valueText(value: Hyperparameter["defaultValue"]): string {
  return typeof value === "number" ? numeral(value) : JSON.stringify(value ?? null);
}

/** Labels and their texts, which begin at one column. */
function labelled(rows: readonly (readonly [label: string, text: string])[], width: number): string[] {
  const names = rows.map(([label]) => shown(label));
  const widest = Math.max(...names.map((name) => name.length));
  return rows.map(([, text], index) => hanging(`${(names[index] ?? "").padEnd(widest)}  `, shownLong(text), width));
}
