import { htmlTable, pageStyle, section } from "./htmlParts.js";
import { escapeMarkup } from "./plots/svg.js";
import { ablationPlot, armsPlot, curvePlot, memoryPlot, sensitivityPlot, timePlot } from "./reportPlots.js";
import {
  comparisonsTable,
  computeTable,
  declarationTable,
  equalTable,
  type ReportTable,
  resultsTable,
  trialsTable,
  varianceTable,
  type VerdictMatrix,
  verdictMatrix,
} from "./reportTables.js";
import { ablationsOf, answers, inWords, isDemonstration, nothingTuned, titleOf } from "./reportText.js";
import type { StudyReport } from "./studyReport.js";

/** The report as one HTML file that needs no other and no script. */
export function renderHtml(report: StudyReport): string {
  const title = escapeMarkup(titleOf(report));
  const { headline, sentences } = answers(report);
  const trials = trialsTable(report);
  const body = [
    `<h1>${title}</h1>`,
    `<p class="headline">${escapeMarkup(headline)}</p>`,
    list(sentences),
    report.notes.length > 0 ? section("What to mind", list(report.notes)) : "",
    section(`Results on the split “${report.metric.testSplit}”`, `${armsPlot(report)}${table(resultsTable(report))}`),
    report.pairs.length > 0 ? section(isDemonstration(report) ? "Comparisons" : "Verdicts", comparisons(report)) : "",
    ablationsOf(report).length > 0 ? section("What each element does", ablationPlot(report)) : "",
    section("Learning curves", `${curvePlot(report, "validation")}${curvePlot(report, "loss")}`),
    section("Tuning", trials ? `${sensitivityPlot(report)}${folded("All trials", table(trials))}` : `<p>${nothingTuned}</p>`),
    section("Time and memory", `${timePlot(report)}${memoryPlot(report)}`),
    report.variance ? section("Where the variance comes from", table(varianceTable(report.variance))) : "",
    section("Fairness ledger", ledger(report)),
    section("Declaration", table(declarationTable(report))),
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

function folded(summary: string, content: string): string {
  return `<details><summary>${escapeMarkup(summary)}</summary>${content}</details>`;
}

function table({ head, rows, note }: ReportTable): string {
  return `${htmlTable(head, rows)}${note === undefined ? "" : `<p>${escapeMarkup(note)}</p>`}`;
}

function comparisons(report: StudyReport): string {
  const words = inWords(report);
  const verdicts = verdictMatrix(report);
  return [
    verdicts ? matrix(verdicts) : "",
    table(comparisonsTable(report)),
    words.length > 0 ? folded("Each comparison in words", list(words)) : "",
  ].join("");
}

function matrix({ head: [corner = "", ...numbers], rows, verdicts, note }: VerdictMatrix): string {
  const head = `<tr><th>${escapeMarkup(corner)}</th>${numbers.map((number) => `<th class="number">${number}</th>`).join("")}</tr>`;
  const lines = rows.map(([name = "", ...signs], row) => {
    const cells = signs.map((sign, column) => {
      const { verdict, first, second } = verdicts[row]?.[column] ?? {};
      if (!verdict) return `<td class="none"></td>`;
      return `<td class="${verdict.toLowerCase()}" title="${escapeMarkup(`${first} ${verdict} ${second}`)}">${sign}</td>`;
    });
    return `<tr><th scope="row">${escapeMarkup(name)}</th>${cells.join("")}</tr>`;
  });
  return (
    `<div class="wide"><table class="matrix"><caption>${escapeMarkup(note)}</caption>` +
    `<thead>${head}</thead><tbody>${lines.join("\n")}</tbody></table></div>`
  );
}

function ledger(report: StudyReport): string {
  const differences = report.ledger.different.map(
    ({ name, why, values }) =>
      `<h3>Different: ${escapeMarkup(name)}</h3><p>Why: ${escapeMarkup(why)}.</p>${htmlTable(
        ["arm", name],
        values.map(({ arm, value }) => [arm, value]),
      )}`,
  );
  return ["<h3>Equal for all arms</h3>", table(equalTable(report)), ...differences, "<h3>Compute</h3>", table(computeTable(report))].join(
    "\n",
  );
}
