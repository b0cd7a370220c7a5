import { htmlTable, pageStyle, section } from "./htmlParts.js";
import { escapeMarkup } from "./plots/svg.js";
import { ablationPlot, armsPlot, curvePlot, memoryPlot, sensitivityPlot, timePlot } from "./reportPlots.js";
import {
  ablationsOf,
  answers,
  bounds,
  claimText,
  digitsOf,
  duration,
  fixed,
  hyperparameterText,
  improvementText,
  isDemonstration,
  memory,
  percent,
  pText,
  resultNote,
  signed,
  titleOf,
} from "./reportText.js";
import type { PairReport, StudyReport } from "./studyReport.js";

/** The report as one HTML file that needs no other and no script. */
export function renderHtml(report: StudyReport): string {
  const title = escapeMarkup(titleOf(report));
  const { headline, sentences } = answers(report);
  const body = [
    `<h1>${title}</h1>`,
    `<p class="headline">${escapeMarkup(headline)}</p>`,
    list(sentences),
    report.notes.length > 0 ? section("What to mind", list(report.notes)) : "",
    section(`Results on the split “${report.metric.testSplit}”`, `${armsPlot(report)}${results(report)}`),
    report.pairs.length > 0
      ? section("Verdicts", isDemonstration(report) ? comparisons(report) : `${matrix(report)}${comparisons(report)}`)
      : "",
    ablationsOf(report).length > 0 ? section("What each element does", ablationPlot(report)) : "",
    section("Learning curves", `${curvePlot(report, "validation")}${curvePlot(report, "loss")}`),
    section("Tuning", `${sensitivityPlot(report)}${tuning(report)}`),
    section("Time and memory", `${timePlot(report)}${memoryPlot(report)}`),
    report.variance ? section("Where the variance comes from", variance(report)) : "",
    section("Fairness ledger", ledger(report)),
    section("Declaration", declaration(report)),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>
${pageStyle}
</style>
</head>
<body>
<main>
${body.filter((part) => part !== "").join("\n")}
</main>
</body>
</html>
`;
}

function list(items: readonly string[]): string {
  return items.length === 0 ? "" : `<ul>\n${items.map((item) => `<li>${escapeMarkup(item)}</li>`).join("\n")}\n</ul>`;
}

function results(report: StudyReport): string {
  const { arms, metric } = report;
  const hasClaims = arms.some(({ claimed }) => claimed);
  const head = [
    "arm",
    "optimizer",
    "chosen",
    metric.name,
    "interval",
    "IQM",
    "by seed",
    "a step",
    "memory",
    ...(hasClaims ? ["claimed"] : []),
  ];
  const rows = arms.map((arm) => {
    const digits = digitsOf(arm.result);
    return [
      arm.name,
      arm.optimizer,
      hyperparameterText(arm.chosen),
      fixed(arm.result.estimate, digits),
      bounds(arm.result),
      fixed(arm.interquartileMean?.estimate, digits),
      arm.seeds.map(({ value, failure }) => (failure === undefined ? fixed(value, digits) : "failed")).join(", ") || "no run",
      arm.secondsPerStep === undefined ? "–" : `${(1000 * arm.secondsPerStep).toFixed(0)} ms`,
      memory(arm.peakMemoryBytes),
      ...(hasClaims ? [claimText(arm)] : []),
    ];
  });
  return `${htmlTable(head, rows)}<p>${escapeMarkup(resultNote(report))} ${metric.examples} examples, ${metric.higherIsBetter ? "higher" : "lower"} is better.</p>`;
}

/** Rows against columns; a pair that was not declared has no verdict. */
function matrix({ arms, pairs }: StudyReport): string {
  const compared = arms.map(({ name }) => name).filter((name) => pairs.some(({ first, second }) => first === name || second === name));
  const head = `<tr><th></th>${compared.map((_, index) => `<th class="number">${index + 1}</th>`).join("")}</tr>`;
  const rows = compared.map((row, index) => {
    const cells = compared.map((column) => cell(pairs, row, column));
    return `<tr><th scope="row">${index + 1}. ${escapeMarkup(row)}</th>${cells.join("")}</tr>`;
  });
  return (
    `<div class="wide"><table class="matrix"><caption>The arm of the row against the arm of the column: + better, − worse, = equivalent, ? inconclusive</caption>` +
    `<thead>${head}</thead><tbody>${rows.join("\n")}</tbody></table></div>`
  );
}

const turned = { BETTER: "WORSE", WORSE: "BETTER", EQUIVALENT: "EQUIVALENT", INCONCLUSIVE: "INCONCLUSIVE" } as const;
const signs = { BETTER: "+", WORSE: "−", EQUIVALENT: "=", INCONCLUSIVE: "?" } as const;

function cell(pairs: readonly PairReport[], row: string, column: string): string {
  const same = pairs.find(({ first, second }) => first === row && second === column)?.verdict;
  const other = pairs.find(({ first, second }) => first === column && second === row)?.verdict;
  const verdict = same ?? (other && turned[other]);
  if (!verdict) return `<td class="none"></td>`;
  return `<td class="${verdict.toLowerCase()}" title="${escapeMarkup(`${row} ${verdict} ${column}`)}">${signs[verdict]}</td>`;
}

function comparisons(report: StudyReport): string {
  const counts = !isDemonstration(report);
  const head = [
    "first",
    "second",
    "difference",
    "interval",
    "p",
    "corrected p",
    "p of equivalence",
    "P(better)",
    ...(counts ? ["verdict"] : []),
  ];
  const rows = report.pairs.map((pair) => {
    const digits = digitsOf(pair.difference);
    return [
      pair.first,
      pair.second,
      signed(pair.difference.estimate, digits),
      bounds(pair.difference, digits, signed),
      pText(pair.pValue),
      pText(pair.correctedP),
      pText(pair.equivalenceP),
      improvementText(pair.probabilityOfImprovement),
      ...(counts ? [pair.verdict] : []),
    ];
  });
  const { margin, correction, level } = report.declaration;
  const tests = [...new Set(report.pairs.map(({ test }) => test))].join(" / ");
  const note =
    `First less second. Test: ${tests}; p values corrected by ${correction}; equivalent: provably closer than ${margin}. ` +
    `Intervals: ${percent(level)}, each of its own pair. P(better): that a training of the first does better, about seeds.`;
  return `${htmlTable(head, rows)}<p>${escapeMarkup(note)}</p>`;
}

function tuning({ arms, declaration: { tuning: declared } }: StudyReport): string {
  if (declared.trials === 1) return "<p>One trial for each arm: nothing was tuned.</p>";
  const rows = arms.flatMap((arm) =>
    arm.trials.map(({ hyperparameters, value, failure, chosen }) => [
      arm.name,
      hyperparameterText(hyperparameters),
      failure === undefined ? fixed(value, 4) : `failed: ${failure}`,
      chosen ? "chosen" : "",
    ]),
  );
  return `<details><summary>All trials</summary>${htmlTable(["arm", "trial", `validation ${declared.metric}`, ""], rows)}</details>`;
}

function variance({ variance: found }: StudyReport): string {
  if (!found) return "";
  const rows = found.components.map(({ name, variance: value, share, negative, reml }) => [
    name,
    negative ? `${value.toExponential(2)} (negative: no sign of any)` : value.toExponential(2),
    share === undefined ? "–" : percent(Number(share.toFixed(3))),
    reml.toExponential(2),
  ]);
  return `${htmlTable(["source", "variance of one outcome", "share", "by REML"], rows)}<p>Estimator: ${escapeMarkup(found.estimator)}.</p>`;
}

function ledger({ ledger: { equal, different, compute } }: StudyReport): string {
  const spent = compute.map(({ arm, phase, runs, failed, trainSeconds, tokens }) => [
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
  const differences = different.map(
    ({ name, why, values }) =>
      `<h3>Different: ${escapeMarkup(name)}</h3><p>Why: ${escapeMarkup(why)}.</p>${htmlTable(
        ["arm", name],
        values.map(({ arm, value }) => [arm, value]),
      )}`,
  );
  return [
    "<h3>Equal for all arms</h3>",
    htmlTable(
      ["what", "value"],
      equal.map(({ name, value }) => [name, value]),
    ),
    ...differences,
    "<h3>Compute</h3>",
    htmlTable(["arm", "phase", "runs", "failed", "training", "tokens"], [...spent, total]),
  ].join("\n");
}

function declaration({ study, declaration: declared }: StudyReport): string {
  return htmlTable(
    ["what", "value"],
    [
      ["study", study.id],
      ["declared", study.createTime],
      ["ended", study.endTime],
      ["digest of the declaration (SHA-256)", study.declarationDigest],
      ["metric", declared.metric],
      ["margin", String(declared.margin)],
      ["level", String(declared.level)],
      ["correction", declared.correction],
      ["compared", declared.reference === undefined ? "all pairs" : `each arm with ${declared.reference}, each ablation with the whole`],
      ...declared.arms.map(({ name, description }) => [`arm ${name}`, description || "–"]),
      ...declared.claims.map(({ arm, value, source }) => [`claim for ${arm}`, `${value} (${source})`]),
    ],
  );
}
