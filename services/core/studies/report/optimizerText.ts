import type { SearchSpace } from "../study.js";
import { numeral } from "./reportText.js";

type Values = Readonly<Record<string, unknown>>;

/** An optimizer as a caller declared it, or complete as a job has it. */
interface DescribedOptimizer {
  name: string;
  hyperparameters?: Values | undefined;
  chain?: readonly DescribedElement[] | undefined;
  wrappers?: readonly DescribedElement[] | undefined;
  groups?: readonly { pattern: string; learningRateScale?: number | undefined; decayed?: boolean | undefined }[] | undefined;
}

interface DescribedElement {
  name: string;
  hyperparameters?: Values | undefined;
}

/**
 * Everything that makes an optimizer what it is: its name, hyperparameters, chain, wrappers and groups, for example
 * `adamw (weight_decay 0.01); wrappers: lookahead (k 5)`.
 * @param searched hyperparameters that are left out
 */
export function optimizerText(optimizer: DescribedOptimizer, searched: readonly string[] = []): string {
  const { name, hyperparameters = {}, chain = [], wrappers = [], groups = [] } = optimizer;
  const fixed = Object.fromEntries(Object.entries(hyperparameters).filter(([key]) => !searched.includes(key)));
  const parts = [
    withValues(name || "custom", fixed),
    ...listed("chain", chain.map(elementText)),
    ...listed("wrappers", wrappers.map(elementText)),
    ...listed(
      "groups",
      groups.map(({ pattern, learningRateScale, decayed }) => withValues(pattern, { learning_rate_scale: learningRateScale, decayed })),
    ),
  ];
  return parts.join("; ");
}

/** For example `learning_rate 0.0001 to 0.01 (log)`. */
export function searchText(search: Readonly<Record<string, SearchSpace>>): string {
  return Object.entries(search)
    .map(([name, space]) =>
      "values" in space
        ? `${name} ${space.values.map(numeral).join(" or ")}`
        : `${name} ${numeral(space.min)} to ${numeral(space.max)} (${space.scale})`,
    )
    .join(", ");
}

function elementText({ name, hyperparameters = {} }: DescribedElement): string {
  return withValues(name, hyperparameters);
}

function listed(what: string, texts: readonly string[]): string[] {
  return texts.length === 0 ? [] : [`${what}: ${texts.join(", ")}`];
}

/** Values in the order of their names: equal texts where the values are equal. */
function withValues(name: string, values: Values): string {
  const entries = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? name : `${name} (${entries.map(([key, value]) => `${key} ${numeral(value)}`).join(", ")})`;
}
