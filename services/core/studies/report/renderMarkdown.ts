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
import type { StudyReport } from "./studyReport.js";

/** The report as Markdown (CommonMark with tables): the answer first, then what it rests on. */
export function renderMarkdown(report: StudyReport): string {
  const { headline, sentences } = answers(report);
  const parts = [
    `# ${escape(titleOf(report))}`,
    `**${escape(headline)}**`,
    sentences.length > 0 ? sentences.map((sentence) => `- ${escape(sentence)}`).join("\n") : "",
    report.notes.length > 0 ? section("What to mind", report.notes.map((note) => `- ${escape(note)}`).join("\n")) : "",
    section(`Results on the split "${escape(report.metric.testSplit)}"`, results(report)),
    report.pairs.length > 0 ? section("Comparisons", pairs(report)) : "",
    ablationsOf(report).length > 0 ? section("What each element does", ablations(report)) : "",
    section("Tuning", tuning(report)),
    report.variance ? section("Where the variance comes from", variance(report)) : "",
    section("Fairness ledger", ledger(report)),
    section("Declaration", declaration(report)),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function section(title: string, body: string): string {
  return `## ${title}\n\n${body}`;
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
    "time a step",
    "peak memory",
    ...(hasClaims ? ["claimed"] : []),
  ];
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
      arm.secondsPerStep === undefined ? "–" : `${(1000 * arm.secondsPerStep).toFixed(0)} ms`,
      memory(arm.peakMemoryBytes),
      ...(hasClaims ? [claimText(arm)] : []),
    ];
  });
  return `${table(head, rows)}\n\n${resultNote(report)} ${metric.examples} examples, ${metric.higherIsBetter ? "higher" : "lower"} is better.`;
}

function pairs(report: StudyReport): string {
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
  return (
    `${table(head, rows)}\n\nFirst less second. Test: ${escape(tests)}; p values corrected by ${correction}; equivalent: provably closer than ${margin}. ` +
    `Intervals: ${percent(level)}, each of its own pair. P(better): that a training of the first does better, about seeds.`
  );
}

function ablations(report: StudyReport): string {
  const rows = ablationsOf(report).map((pair) => {
    const digits = digitsOf(pair.difference);
    return [
      pair.second,
      signed(pair.difference.estimate, digits),
      bounds(pair.difference, digits, signed),
      isDemonstration(report) ? "–" : (pair.minimumDetectableDifference?.toFixed(digits) ?? "–"),
    ];
  });
  return `${table(["without it", "effect of the element", "interval", "smallest effect that would have been seen"], rows)}\n\nThe whole less what lacks the element.`;
}

function tuning({ arms, declaration }: StudyReport): string {
  const { metric, trials } = declaration.tuning;
  if (trials === 1) return "One trial for each arm: nothing was tuned.";
  const rows = arms.flatMap((arm) =>
    arm.trials.map(({ hyperparameters, value, failure, chosen }) => [
      arm.name,
      hyperparameterText(hyperparameters),
      failure === undefined ? fixed(value, 4) : `failed: ${failure}`,
      chosen ? "chosen" : "",
    ]),
  );
  return table(["arm", "trial", `validation ${metric}`, ""], rows);
}

function variance({ variance: found }: StudyReport): string {
  if (!found) return "";
  const rows = found.components.map(({ name, variance: value, share, negative, reml }) => [
    name,
    negative ? `${value.toExponential(2)} (negative: no sign of any)` : value.toExponential(2),
    share === undefined ? "–" : percent(Number(share.toFixed(3))),
    reml.toExponential(2),
  ]);
  return `${table(["source", "variance of one outcome", "share", "by REML"], rows)}\n\nEstimator: ${found.estimator}.`;
}

function ledger({ ledger: { equal, different, compute } }: StudyReport): string {
  const totals = compute.reduce(
    (sum, { runs, failed, trainSeconds, tokens }) => ({
      runs: sum.runs + runs,
      failed: sum.failed + failed,
      trainSeconds: sum.trainSeconds + trainSeconds,
      tokens: sum.tokens + tokens,
    }),
    {
      ...{ runs: 0, failed: 0, trainSeconds: 0, tokens: 0 },
    },
  );
  const spent = table(
    ["arm", "phase", "runs", "failed", "training", "tokens"],
    [
      ...compute.map(({ arm, phase, runs, failed, trainSeconds, tokens }) => [
        ...[arm, phase.toLowerCase(), String(runs), String(failed), duration(trainSeconds), tokens.toLocaleString("en-US")],
      ]),
      ["all", "", String(totals.runs), String(totals.failed), duration(totals.trainSeconds), totals.tokens.toLocaleString("en-US")],
    ],
  );
  const differences = different.map(
    ({ name, why, values }) =>
      `### Different: ${escape(name)}\n\nWhy: ${escape(why)}.\n\n${table(
        ["arm", name],
        values.map(({ arm, value }) => [arm, value]),
      )}`,
  );
  return [
    "### Equal for all arms",
    table(
      ["what", "value"],
      equal.map(({ name, value }) => [name, value]),
    ),
    ...differences,
    "### Compute",
    spent,
  ].join("\n\n");
}

function declaration({ study, declaration: declared }: StudyReport): string {
  const rows = [
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
  ];
  return table(["what", "value"], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escape).join(" | ")} |`;
  return [line(head), `| ${head.map(() => "---").join(" | ")} |`, ...rows.map(line)].join("\n");
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
