import { messageJson } from "../mapping/messageJson.js";
import type { Comparison, Interval, PairComparison } from "../messages.js";
import { decimals, table } from "./format.js";
import { hanging } from "./hanging.js";
import type { Output } from "./output.js";
import { shownLong } from "./printable.js";

/** Lines longer than this are hard to read. */
const mostColumns = 110;

/** Who is better: the `comparison` line, or tables and a sentence for each pair. */
export function reportComparison(comparison: Comparison, output: Output): void {
  output.line("comparison", messageJson("stepwire.v1.Comparison", comparison, "plain"));
  const { metric, groups, pairs, overall } = comparison;
  const columns = Math.min(output.columns ?? mostColumns, mostColumns);
  const digits = metric === "loss" ? 4 : 3;
  const say = (text: string, label = "") => output.print(hanging(label, shownLong(text), columns));
  say(headline(comparison));
  output.print("");
  output.print(
    table([
      ["GROUP", "EVALUATIONS", metric.toUpperCase().replaceAll("_", " ")],
      ...groups.map(({ name, evaluations, estimate }) => [name, evaluations.join(", "), decimals(estimate, digits)]),
    ]),
  );
  output.print("");
  const level = `${decimals(comparison.level * 100, 1)}% INTERVAL`;
  const p = pairs.length > 1 ? "CORRECTED P" : "P";
  output.print(
    table([
      ["FIRST", "SECOND", "DIFFERENCE", level, p, "VERDICT"],
      ...pairs.map(({ first, second, difference, correctedP, verdict }) => [
        ...[first, second, decimals(difference?.estimate, digits), bounds(difference, digits)],
        ...[pText(correctedP), verdict],
      ]),
    ]),
  );
  output.print("");
  for (const pair of pairs) sayPair(pair, say);
  if (pairs.length > 1)
    say(`Each interval is at its level for itself alone, and p is corrected for ${pairs.length} pairs (${comparison.correction}).`);
  if (overall)
    say(
      `Whether any of the groups differ: ${overall.test} ${decimals(overall.statistic, 2)} with ${overall.degreesOfFreedom} degrees of freedom, p ${pText(overall.pValue)}.`,
    );
  sayFairness(comparison, output, say);
}

type Say = (text: string, label?: string) => void;

function headline({ metric, higherIsBetter, examples, margin, groups }: Comparison): string {
  const seeds = groups[0]?.evaluations.length ?? 1;
  const parts = [
    `${metric} (${higherIsBetter ? "higher" : "lower"} is better) on ${examples} examples`,
    seeds === 1 ? "one trained model each" : `${seeds} training seeds each`,
    margin === undefined ? "no margin declared" : `margin ${margin}`,
  ];
  return parts.join(", ");
}

function sayPair({ reason, needed, effectSize, minimumDetectableDifference: least, verdict }: PairComparison, say: Say): void {
  say(reason.charAt(0).toUpperCase() + reason.slice(1), "- ");
  if (needed) say(needed.what, "  ");
  if (verdict === "INCONCLUSIVE" && needed && least !== undefined)
    say(`A difference of ${decimals(least)} or more would have been seen with a probability of ${decimals(100 * needed.power, 1)}%.`, "  ");
  if (effectSize?.lower !== undefined) say(`Cohen's h ${decimals(effectSize.estimate)} (${bounds(effectSize, 3)}).`, "  ");
}

function sayFairness({ fairness }: Comparison, output: Output, say: Say): void {
  if (!fairness) return;
  say(`Held equal: ${fairness.equal.map(({ name }) => name).join(", ")}.`);
  for (const { name, why, values } of fairness.different) {
    say(`Different: ${name}. ${why}`);
    output.print(table(values.map(({ group, value }) => [`  ${group}`, value])));
  }
}

function bounds(interval: Interval | undefined, digits: number): string {
  if (interval?.lower === undefined || interval.upper === undefined) return "-";
  return `${decimals(interval.lower, digits)} to ${decimals(interval.upper, digits)}`;
}

function pText(p: number): string {
  return p < 0.0001 ? "<0.0001" : decimals(p, 4);
}
