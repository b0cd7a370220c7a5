import { percent } from "../../comparisons/figures.js";
import type { Interval } from "../../statistics/interval.js";
import type { ArmReport, PairReport, StudyReport } from "./studyReport.js";

/** Below this, what is said about seeds rests on very little. */
export const manySeeds = 5;

// How a report's numbers and sentences read, in Markdown and in HTML alike.

/** Decimals that an interval supports: one more than the first digit of its half width, from 2 to 6; 4 without bounds. */
export function digitsOf({ lower, upper }: Interval): number {
  if (lower === undefined || upper === undefined || !(upper > lower)) return 4;
  return Math.min(6, Math.max(2, 1 - Math.floor(Math.log10((upper - lower) / 2))));
}

/** A number with fixed decimals, a true minus sign, and a dash for what is none. */
export function fixed(value: number | undefined, digits: number): string {
  return value === undefined || !Number.isFinite(value)
    ? "–"
    : value
        .toFixed(digits)
        .replace(/^-(?=.*[1-9])/, "−")
        .replace(/^-/, "");
}

/** The same with a sign in front, for differences. */
export function signed(value: number | undefined, digits: number): string {
  const text = fixed(value, digits);
  return value !== undefined && value > 0 && text !== fixed(0, digits) ? `+${text}` : text;
}

/** For example `0.842 to 0.871`; why there is none where there is none. */
export function bounds(interval: Interval, digits = digitsOf(interval), sign: typeof fixed = fixed): string {
  const { lower, upper, unavailable } = interval;
  return lower === undefined || upper === undefined
    ? `none: ${unavailable ?? "not given"}`
    : `${sign(lower, digits)} to ${sign(upper, digits)}`;
}

/** A p value: two significant digits, and no more than that it is small below 0.0001. */
export function pText(p: number | undefined): string {
  return p === undefined || Number.isNaN(p) ? "–" : p < 0.0001 ? "< 0.0001" : String(Number(p.toPrecision(2)));
}

/**
 * A probability over seeds with its bounds, or that there are none: the reason is too long for a cell.
 * @param seeds that it is of
 */
export function improvementText(interval: Interval | undefined, seeds: number): string {
  if (!interval) return "–";
  const { estimate, lower, upper } = interval;
  const none = seeds < manySeeds ? `no interval: ${seeds} seeds` : "no interval";
  return `${fixed(estimate, 2)} (${lower === undefined || upper === undefined ? none : bounds(interval, 2)})`;
}

/** A hyperparameter as people write learning rates: 0.001, 5e-5. */
export function numeral(value: unknown): string {
  if (typeof value !== "number") return String(value);
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential().replace("e+", "e") : String(value);
}

/** `learning_rate 0.001`. */
export function hyperparameterText(values: Readonly<Record<string, unknown>> | undefined): string {
  const entries = Object.entries(values ?? {});
  return entries.length === 0 ? "–" : entries.map(([name, value]) => `${name} ${numeral(value)}`).join(", ");
}

/** Seconds as `42 s`, `12 min` or `1 h 2 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Bytes in MiB or GiB. */
export function memory(bytes: number | undefined): string {
  if (bytes === undefined) return "–";
  return bytes < 1024 ** 3 ? `${Math.round(bytes / 1024 ** 2)} MiB` : `${(bytes / 1024 ** 3).toFixed(2)} GiB`;
}

/** The report's title; that of a demonstration says what it is. */
export function titleOf({ study }: StudyReport): string {
  return study.purpose === "demonstration" ? `${study.title} (shows the plumbing, supports no verdict)` : study.title;
}

export function isDemonstration({ study }: StudyReport): boolean {
  return study.purpose === "demonstration";
}

/** What the intervals of the arms' results have in common. */
export function resultNote({ arms, declaration }: StudyReport): string {
  const shown = arms.map(({ result }) => result).filter(({ unavailable }) => unavailable === undefined);
  const methods = [...new Set(shown.map(({ method, about }) => `${method}; about ${about}`))];
  return `Intervals: ${percent(declaration.level)}, ${methods.join(" / ") || "none"}. IQM: interquartile mean over seeds.`;
}

/** Of how many seeds something is that was measured of an arm, where that is not all: for example ` (2 of 3 seeds)`, or without the unit. */
export function seedShare({ seeds }: ArmReport, { declaration }: Pick<StudyReport, "declaration">, unit = " seeds"): string {
  const measured = seeds.filter(({ failure }) => failure === undefined).length;
  return measured === declaration.seeds.length ? "" : ` (${measured} of ${declaration.seeds.length}${unit})`;
}

const verdictOrder = ["BETTER", "WORSE", "EQUIVALENT", "INCONCLUSIVE"] as const;

/** What stands in the place of trials where there was one each. */
export const nothingTuned = "One trial for each arm: nothing was tuned.";

/** The answer, in sentences: how many pairs came out how, which are settled, and what is to be made of the others. */
export function answers(report: StudyReport): { headline: string; sentences: string[] } {
  const { pairs, declaration, metric } = report;
  if (isDemonstration(report))
    return {
      headline: "This is a demonstration: it shows that every part works, and supports no verdict.",
      sentences: [],
    };
  if (pairs.length === 0) return { headline: "No two arms could be compared.", sentences: [] };
  const settled = pairs.filter(({ verdict }) => verdict !== "INCONCLUSIVE");
  const open = pairs.filter(({ verdict }) => verdict === "INCONCLUSIVE");
  const counts = verdictOrder
    .map((verdict) => ({ verdict, count: pairs.filter((pair) => pair.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${count} ${verdict}`);
  const headline =
    settled.length === 0
      ? `The data settle none of the ${pairs.length} comparisons: no difference of ${metric.name} was shown, and none was shown to be smaller than ${declaration.margin}.`
      : `Of ${pairs.length} comparisons of ${metric.name} on ${metric.examples} test examples: ${counts.join(", ")}.`;
  const sentences = [...report.alike.map(alikeText), ...reasonsOf(settled)];
  if (open.length === 1) sentences.push(...reasonsOf(open));
  else if (open.length > 1)
    sentences.push(
      `${open.length} comparisons are not settled: ${open.map(({ first, second }) => `"${first}" with "${second}"`).join(", ")}. ` +
        `Neither that the two differ nor that they differ by less than ${declaration.margin} was shown. ` +
        "The table of comparisons says what each would still need.",
    );
  return { headline, sentences };
}

/** One finding, where the pairs of such arms would be several. */
function alikeText(arms: readonly string[]): string {
  const names = arms.map((name) => `"${name}"`);
  const all = `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  return `${all} agree on every test example with every seed: what is found of one of them is found of ${arms.length === 2 ? "both" : "all"}.`;
}

/** Every pair's verdict with its reasons, where `answers` leaves some out. */
export function inWords(report: StudyReport): string[] {
  const { sentences } = answers(report);
  const reasons = reasonsOf(report.pairs);
  return isDemonstration(report) || reasons.every((reason) => sentences.includes(reason)) ? [] : reasons;
}

function reasonsOf(pairs: readonly PairReport[]): string[] {
  return pairs.flatMap(({ reason }) => reason ?? []);
}

/** What was claimed beside what was measured. */
export function claimText({ claimed, result }: ArmReport): string {
  if (!claimed) return "";
  const { lower, upper } = result;
  if (lower === undefined || upper === undefined) return `claimed ${claimed.value}`;
  const place = claimed.value < lower ? "below" : claimed.value > upper ? "above" : "within";
  return `claimed ${claimed.value}, ${place} the interval`;
}

/** Pairs as the effect of the element that the second lacks. */
export function ablationsOf({ pairs }: StudyReport): PairReport[] {
  return pairs.filter(({ isAblation }) => isAblation);
}
