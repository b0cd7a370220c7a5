import {
  ablationsTable,
  comparisonsTable,
  computeTable,
  declarationTable,
  equalTable,
  type ReportTable,
  resultsTable,
  trialsTable,
  varianceTable,
  verdictMatrix,
} from "./reportTables.js";
import { ablationsOf, answers, inWords, nothingTuned, titleOf } from "./reportText.js";
import type { StudyReport } from "./studyReport.js";

/** The report as Markdown (CommonMark with tables): the answer first, then what it rests on. */
export function renderMarkdown(report: StudyReport): string {
  const { headline, sentences } = answers(report);
  const trials = trialsTable(report);
  const words = inWords(report);
  const verdicts = verdictMatrix(report);
  const parts = [
    `# ${escape(titleOf(report))}`,
    `**${escape(headline)}**`,
    list(sentences),
    report.notes.length > 0 ? section("What to mind", list(report.notes)) : "",
    section(`Results on the split "${escape(report.metric.testSplit)}"`, table(resultsTable(report))),
    verdicts ? section("Verdicts", table(verdicts)) : "",
    report.pairs.length > 0 ? section("Comparisons", table(comparisonsTable(report))) : "",
    ablationsOf(report).length > 0 ? section("What each element does", table(ablationsTable(report))) : "",
    section("Tuning", trials ? table(trials) : nothingTuned),
    report.variance ? section("Where the variance comes from", table(varianceTable(report.variance))) : "",
    section("Fairness ledger", ledger(report)),
    words.length > 0 ? section("Each comparison in words", list(words)) : "",
    section("Declaration", table(declarationTable(report))),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function section(title: string, body: string): string {
  return `## ${title}\n\n${body}`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${escape(item)}`).join("\n");
}

function ledger(report: StudyReport): string {
  const differences = report.ledger.different.map(
    ({ name, why, values }) =>
      `### Different: ${escape(name)}\n\nWhy: ${escape(why)}.\n\n${table({ head: ["arm", name], rows: values.map(({ arm, value }) => [arm, value]) })}`,
  );
  return ["### Equal for all arms", table(equalTable(report)), ...differences, "### Compute", table(computeTable(report))].join("\n\n");
}

function table({ head, rows, note }: ReportTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escape).join(" | ")} |`;
  const lines = [line(head), `| ${head.map(() => "---").join(" | ")} |`, ...rows.map(line)].join("\n");
  return note === undefined ? lines : `${lines}\n\n${escape(note)}`;
}

/** Names and descriptions come from users: none of them makes a link, a cell or an element. */
function escape(text: string): string {
  return text
    .replace(/[\r\n]+/g, " ")
    .replace(/[\\`*[\]<>|#~]/g, "\\$&")
    .replace(/_(?=\S)|(?<=\S)_/g, (found, index: number, whole: string) =>
      /\w/.test(whole[index - 1] ?? "") && /\w/.test(whole[index + 1] ?? "") ? found : `\\${found}`,
    )
    .replace(/&(?=[#\w]+;)/g, "&amp;");
}
