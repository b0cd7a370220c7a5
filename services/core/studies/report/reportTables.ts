import type { Verdict } from "../../comparisons/comparison.js";
import { about, percent } from "../../comparisons/figures.js";
import { optimizerText, searchText } from "./optimizerText.js";
import {
  ablationsOf,
  bounds,
  claimText,
  digitsOf,
  duration,
  fixed,
  hyperparameterText,
  improvementText,
  isDemonstration,
  memory,
  pText,
  resultNote,
  seedShare,
  signed,
} from "./reportText.js";
import type { PairReport, StudyReport } from "./studyReport.js";

// The tables of a report, as Markdown and HTML show them alike.

/** Cells are plain text; the first column names the row. */
export interface ReportTable {
  head: string[];
  rows: string[][];
  /** What the columns are, in sentences. */
  note?: string;
}

/** What each arm reached. */
export function resultsTable(report: StudyReport): ReportTable {
  const { arms, metric } = report;
  const hasClaims = arms.some(({ claimed }) => claimed);
  const head = ["arm", "optimizer", "chosen", metric.name, "interval", "IQM", "by seed", "time a step", "peak memory"];
  const rows = arms.map((arm) => {
    const digits = digitsOf(arm.result);
    const seeds = arm.seeds.map(({ value, failure }) => (failure === undefined ? fixed(value, digits) : "failed")).join(", ");
    return [
      arm.name,
      arm.optimizer,
      hyperparameterText(arm.chosen),
      fixed(arm.result.estimate, digits),
      bounds(arm.result),
      fixed(arm.interquartileMean?.estimate, digits),
      seeds || "no run",
      arm.secondsPerStep === undefined ? "–" : `${(1000 * arm.secondsPerStep).toFixed(0)} ms${seedShare(arm, report)}`,
      arm.peakMemoryBytes === undefined ? "–" : `${memory(arm.peakMemoryBytes)}${seedShare(arm, report)}`,
      ...(hasClaims ? [claimText(arm)] : []),
    ];
  });
  const note = `${resultNote(report)} ${metric.examples} examples, ${metric.higherIsBetter ? "higher" : "lower"} is better.`;
  return { head: [...head, ...(hasClaims ? ["claimed"] : [])], rows, note };
}

/** Every declared pair. */
export function comparisonsTable(report: StudyReport): ReportTable {
  const givesVerdicts = !isDemonstration(report);
  const tested = givesVerdicts ? ["p", "corrected p", "p of equivalence"] : [];
  const head = ["first", "second", "difference", "interval", ...tested, "P(better)"];
  const rows = report.pairs.map((pair) => {
    const digits = digitsOf(pair.difference);
    return [
      pair.first,
      pair.second,
      signed(pair.difference.estimate, digits),
      bounds(pair.difference, digits, signed),
      ...(givesVerdicts ? [pair.pValue, pair.correctedP, pair.equivalenceP].map(pText) : []),
      improvementText(pair.probabilityOfImprovement, report.declaration.seeds.length),
      ...(givesVerdicts ? [pair.verdict ?? "–", neededText(pair)] : []),
    ];
  });
  const { margin, correction, level } = report.declaration;
  const tests = [...new Set(report.pairs.map(({ test }) => test))].join(" / ");
  const power = report.pairs.find(({ needed }) => needed)?.needed?.power;
  const sentences = [
    givesVerdicts
      ? `First less second. Test: ${tests}; p values corrected by ${correction}; equivalent: provably closer than ${margin}.`
      : "First less second.",
    `Intervals: ${percent(level)}, each of its own pair. P(better): that a training of the first does better, about seeds.`,
  ];
  const reasons = [...new Set(report.pairs.flatMap(({ probabilityOfImprovement }) => probabilityOfImprovement?.unavailable ?? []))];
  if (reasons.length > 0) sentences.push(`Where P(better) has no interval: ${reasons.join("; ")}.`);
  if (givesVerdicts && power !== undefined)
    sentences.push(`Still needed: what would give a verdict with a probability of ${percent(power)} if the truth is what was observed.`);
  return { head: [...head, ...(givesVerdicts ? ["verdict", "still needed"] : [])], rows, note: sentences.join(" ") };
}

/** Rows against columns, which are the same arms by number; of a pair that was not declared there is no verdict. */
export interface VerdictMatrix extends ReportTable {
  note: string;
  /** By row and column, of the row's arm against the column's. */
  verdicts: { verdict: Verdict | undefined; first: string; second: string }[][];
}

/** The verdict of each arm against each; none where no pair has one. */
export function verdictMatrix({ arms, pairs }: StudyReport): VerdictMatrix | undefined {
  const judged = pairs.filter(({ verdict }) => verdict !== undefined);
  const compared = arms.map(({ name }) => name).filter((name) => judged.some(({ first, second }) => first === name || second === name));
  if (compared.length === 0) return undefined;
  const verdicts = compared.map((first) => compared.map((second) => ({ first, second, verdict: verdictBetween(judged, first, second) })));
  return {
    head: ["", ...compared.map((_, index) => String(index + 1))],
    rows: verdicts.map((row, index) => [
      `${index + 1}. ${compared[index]}`,
      ...row.map(({ verdict }) => (verdict === undefined ? "" : signs[verdict])),
    ]),
    note: "The arm of the row against the arm of the column: + better, − worse, = equivalent, ? inconclusive.",
    verdicts,
  };
}

const turned = { BETTER: "WORSE", WORSE: "BETTER", EQUIVALENT: "EQUIVALENT", INCONCLUSIVE: "INCONCLUSIVE" } as const;
const signs = { BETTER: "+", WORSE: "−", EQUIVALENT: "=", INCONCLUSIVE: "?" } as const;

function verdictBetween(pairs: readonly PairReport[], row: string, column: string): Verdict | undefined {
  const same = pairs.find(({ first, second }) => first === row && second === column)?.verdict;
  const other = pairs.find(({ first, second }) => first === column && second === row)?.verdict;
  return same ?? (other && turned[other]);
}

function neededText({ needed }: PairReport): string {
  if (!needed) return "";
  const { seeds, examples } = needed;
  const parts = [
    ...(seeds === undefined ? [] : [`${about(seeds)} seeds`]),
    ...(examples === undefined ? [] : [`${about(examples)} examples`]),
  ];
  return parts.length > 0 ? parts.join(", ") : "not known";
}

/** What each element of a chain does. */
export function ablationsTable(report: StudyReport): ReportTable {
  const rows = ablationsOf(report).map((pair) => {
    const digits = digitsOf(pair.difference);
    return [
      pair.second,
      signed(pair.difference.estimate, digits),
      bounds(pair.difference, digits, signed),
      isDemonstration(report) ? "–" : (pair.minimumDetectableDifference?.toFixed(digits) ?? "–"),
    ];
  });
  const head = ["without it", "effect of the element", "interval", "smallest effect that would have been seen"];
  return { head, rows, note: "The whole less what lacks the element." };
}

/** Every trial of every arm; none where nothing was tuned. */
export function trialsTable({ arms, declaration }: StudyReport): ReportTable | undefined {
  const { metric, trials } = declaration.tuning;
  if (trials === 1) return undefined;
  const rows = arms.flatMap((arm) =>
    arm.trials.map(({ hyperparameters, value, failure, chosen }) => [
      arm.name,
      hyperparameterText(hyperparameters),
      failure === undefined ? fixed(value, 4) : `failed: ${failure}`,
      chosen ? "chosen" : "",
    ]),
  );
  return { head: ["arm", "trial", `validation ${metric}`, ""], rows };
}

/** Where the variance of outcomes comes from. */
export function varianceTable({ estimator, components }: NonNullable<StudyReport["variance"]>): ReportTable {
  const rows = components.map(({ name, variance, share, negative, reml }) => [
    name,
    negative ? `${variance.toExponential(2)} (negative: no sign of any)` : variance.toExponential(2),
    share === undefined ? "–" : percent(Number(share.toFixed(3))),
    reml.toExponential(2),
  ]);
  return { head: ["source", "variance of one outcome", "share", "by REML"], rows, note: `Estimator: ${estimator}.` };
}

/** What was the same for all arms. */
export function equalTable({ ledger }: StudyReport): ReportTable {
  return { head: ["what", "value"], rows: ledger.equal.map(({ name, value }) => [name, value]) };
}

/** What each arm was given. */
export function computeTable({ ledger: { compute } }: StudyReport): ReportTable {
  const rows = compute.map(({ arm, phase, runs, failed, trainSeconds, tokens }) => [
    ...[arm, phase.toLowerCase(), String(runs), String(failed), duration(trainSeconds), tokens.toLocaleString("en-US")],
  ]);
  const all = (of: (row: (typeof compute)[number]) => number) => compute.reduce((sum, row) => sum + of(row), 0);
  const total = [
    "all",
    "",
    String(all(({ runs }) => runs)),
    String(all(({ failed }) => failed)),
    duration(all(({ trainSeconds }) => trainSeconds)),
    all(({ tokens }) => tokens).toLocaleString("en-US"),
  ];
  return { head: ["arm", "phase", "runs", "failed", "training", "tokens"], rows: [...rows, total] };
}

function comparedText({ reference, contrasts }: StudyReport["declaration"]): string {
  if (contrasts) return [...contrasts.map(({ first, second }) => `${first} with ${second}`), "each ablation with the whole"].join(", ");
  return reference === undefined ? "all pairs" : `each arm with ${reference}, each ablation with the whole`;
}

/** What was declared before anything ran. */
export function declarationTable({ study, declaration: declared }: StudyReport): ReportTable {
  const rows = [
    ["study", study.id],
    ["declared", study.createTime],
    ["ended", study.endTime],
    ["digest of the declaration (SHA-256)", study.declarationDigest],
    ["metric", declared.metric],
    ["margin", String(declared.margin)],
    ["level", String(declared.level)],
    ["correction", declared.correction],
    ["compared", comparedText(declared)],
    ...declared.arms.map(({ name, description }) => [`arm ${name}`, description || "–"]),
    ...declared.arms.map(({ name, optimizer }) => [`optimizer of ${name}`, optimizerText(optimizer)]),
    ...declared.arms.map(({ name, search }) => [`search of ${name}`, searchText(search) || "none"]),
    ...declared.claims.map(({ arm, value, source }) => [`claim for ${arm}`, `${value} (${source})`]),
  ];
  return { head: ["what", "value"], rows };
}
