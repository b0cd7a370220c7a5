import { quote } from "../quote.js";
import type { Interval } from "../statistics/interval.js";
import type { PairComparison } from "./comparison.js";
import type { MetricFacts } from "./comparisonMetrics.js";
import { unseenShare } from "./collapses.js";
import { figure, percent, probability } from "./figures.js";

/** What the sentence is about. */
export interface ReasonInput {
  pair: Omit<PairComparison, "reason">;
  metric: MetricFacts;
  margin?: number;
  level: number;
  /** How many pairs there are. */
  pairs: number;
  /** The interval that belongs to the two one-sided tests: of a level that is twice as far from 1. */
  equivalenceInterval?: Interval;
  /** Trainings of each group: one is a model. */
  seeds: number;
  /** Groups of examples that are alike; left out where all are independent. */
  clusters?: number;
  /** How many of all trainings collapsed; left out of models. */
  collapsed?: number;
}

/** The verdict and why, in one sentence; where the interval seems to say something else, also why that is. */
export function reasonOf(input: ReasonInput): string {
  const parts = [claim(input), ...contradictions(input)];
  if (input.pair.difference.unavailable !== undefined) parts.push(`there is no interval: ${input.pair.difference.unavailable}`);
  if (input.seeds === 1) parts.push("this is about these two trained models, not about how they were trained, with one training seed each");
  if (input.clusters !== undefined) parts.push(`the examples came in ${input.clusters} groups of alike ones, which are what counts`);
  parts.push(...collapseNote(input));
  return `${parts.join("; ")}.`;
}

function claim(input: ReasonInput): string {
  const { pair, metric, margin } = input;
  const [first, second] = [quote(pair.first), quote(pair.second)];
  const name = pName(input);
  const test = `${name} ${probability(pair.correctedP)}, ${pair.test}`;
  const found = [shown(pair.difference), test].filter((part) => part !== "").join("; ");
  const size = figure(Math.abs(pair.difference.estimate));
  const higher = pair.difference.estimate > 0 ? "higher" : "lower";
  switch (pair.verdict) {
    case "BETTER":
    case "WORSE":
      return `${first} is ${pair.verdict.toLowerCase()} than ${second}: its ${metric.noun} is ${higher} by ${size} (${found})`;
    case "EQUIVALENT": {
      const equal = `${name} ${probability(pair.correctedEquivalenceP ?? 1)}, two one-sided tests`;
      const within = `${first} and ${second} are equivalent: their ${metric.plural} differ by less than the margin ${figure(margin ?? 0)}`;
      const also = `; that they differ at all is shown too (${test}), but the difference is too small to matter`;
      return `${within} (${["difference " + figure(pair.difference.estimate), shown(pair.difference), equal].filter((part) => part !== "").join("; ")})${
        pair.correctedP < 1 - input.level ? also : ""
      }`;
    }
    case "INCONCLUSIVE": {
      const open = `the data do not settle how ${first} and ${second} differ: neither is shown to have the ${metric.higherIsBetter ? "higher" : "lower"} ${metric.noun}`;
      const rest =
        margin === undefined
          ? ", and without a margin declared beforehand no two can be shown to be equivalent"
          : `, nor do they provably differ by less than the margin ${figure(margin)} (${name} ${probability(pair.correctedEquivalenceP ?? 1)}, two one-sided tests)`;
      return `${open} (difference ${figure(pair.difference.estimate)}; ${found})${rest}`;
    }
  }
}

function contradictions({ pair, margin, level, pairs, equivalenceInterval }: ReasonInput): string[] {
  const { lower, upper } = pair.difference;
  if (lower === undefined || upper === undefined) return [];
  const said: string[] = [];
  const alpha = 1 - level;
  const leavesOutZero = lower > 0 || upper < 0;
  const alone = (p: number | undefined) => pairs > 1 && p !== undefined && p < alpha;
  if (pair.verdict === "INCONCLUSIVE" && leavesOutZero)
    said.push(
      alone(pair.pValue)
        ? `the interval leaves out 0, but it is of this pair alone: among ${pairs} pairs the corrected p decides`
        : "the interval leaves out 0, but the test, here the more cautious of the two, decides",
    );
  if ((pair.verdict === "BETTER" || pair.verdict === "WORSE") && !leavesOutZero) said.push("the interval holds 0, but the test decides");
  if (margin === undefined) return said;
  const isWithin = lower > -margin && upper < margin;
  if (pair.verdict === "EQUIVALENT" && !isWithin)
    said.push(`the interval that belongs to these tests is ${equivalenceInterval ? range(equivalenceInterval) : "not available"}`);
  if (pair.verdict !== "EQUIVALENT" && isWithin)
    said.push(
      alone(pair.equivalenceP)
        ? `the interval lies within the margin ${figure(margin)}, but it is of this pair alone: among ${pairs} pairs the corrected p decides`
        : `the interval lies within the margin ${figure(margin)}, but the tests of equivalence, here the more cautious, decide`,
    );
  return said;
}

/** What few seeds cannot show. */
function collapseNote({ collapsed, seeds, level, pair }: ReasonInput): string[] {
  if (collapsed === undefined) return [];
  if (collapsed > 0) {
    const count = collapsed === 1 ? "one training collapsed" : `${collapsed} trainings collapsed`;
    return [`${count}, and how often that happens cannot be told from ${seeds} of each: a verdict has to hold for all that these allow`];
  }
  if (pair.verdict === "INCONCLUSIVE") return [];
  const share = percent(Number(unseenShare(seeds, level).toPrecision(2)));
  return [
    `none of the ${seeds} trainings of each collapsed, which up to ${share} of them could do without having shown: it is about those that do not`,
  ];
}

function pName({ pairs }: ReasonInput): string {
  return pairs === 1 ? "p" : "corrected p";
}

function shown(interval: Interval): string {
  return interval.lower === undefined ? "" : range(interval);
}

function range({ level, lower = Number.NaN, upper = Number.NaN }: Interval): string {
  return `${percent(level)} interval ${figure(lower)} to ${figure(upper)}`;
}
