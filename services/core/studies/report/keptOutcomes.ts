import type { Outcomes } from "../../comparisons/outcomes.js";
import type { RunOutcome } from "./runOutcome.js";

/**
 * What each final run made of each test example, so that anybody can compute the report again: of right and wrong a text of 1 and 0, one a seed; else
 * numbers.
 */
export interface KeptOutcomes {
  /** Of classes: the true class of each example. */
  labels?: number[];
  runs: { arm: string; seed: number; right?: string; values?: number[]; predicted?: number[]; sums?: number[]; counts?: number[] }[];
}

export function keptOutcomes(finals: readonly RunOutcome[]): KeptOutcomes {
  const [first] = finals;
  return {
    ...(first?.outcomes.kind === "classes" && { labels: Array.from(first.outcomes.labels) }),
    runs: finals.map(({ run, outcomes }) => ({ arm: run.arm, seed: run.seed, ...kept(outcomes) })),
  };
}

function kept(outcomes: Outcomes): Partial<KeptOutcomes["runs"][number]> {
  if (outcomes.kind === "classes") return { predicted: Array.from(outcomes.predicted) };
  if (outcomes.kind === "ratio") return { sums: Array.from(outcomes.sums, digits), counts: Array.from(outcomes.counts) };
  const values = Array.from(outcomes.values);
  return values.every((value) => value === 0 || value === 1) ? { right: values.join("") } : { values: values.map(digits) };
}

/** Nine digits: what is computed from them agrees with the report in all that it shows. */
function digits(value: number): number {
  return Number(value.toPrecision(9));
}

/** Arms that agree on every example with every seed, in groups of two or more: what is found of one of them is found of all. */
export function alikeArms(finals: readonly RunOutcome[], arms: readonly string[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const arm of arms) {
    const own = finals.filter(({ run }) => run.arm === arm).toSorted((a, b) => a.run.seed - b.run.seed);
    const key = JSON.stringify(own.map(({ run, outcomes }) => [run.seed, kept(outcomes)]));
    if (own.length > 0) groups.set(key, [...(groups.get(key) ?? []), arm]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}
