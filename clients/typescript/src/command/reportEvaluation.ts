import { messageJson } from "../mapping/messageJson.js";
import type { Evaluation, Interval } from "../messages.js";
import { decimals, table } from "./format.js";
import type { Output } from "./output.js";
import { shown, shownLong } from "./printable.js";

const maxClassRows = 30;

/** How good a checkpoint is: the `evaluation` line, or a few lines for people. */
export function reportEvaluation(evaluation: Evaluation, output: Output): void {
  const { metrics } = evaluation;
  if (!metrics) return;
  output.line("evaluation", {
    id: evaluation.id,
    training_job: evaluation.trainingJob,
    split: evaluation.split,
    ...messageJson("stepwire.v1.EvaluationMetrics", metrics, "plain"),
  });
  output.print(
    `accuracy ${intervalText(metrics.accuracy)}: ${metrics.correct} of ${metrics.examples} examples of "${shown(evaluation.split)}"`,
  );
  output.print(`macro F1 ${decimals(metrics.macroF1)}, loss ${decimals(metrics.loss, 4)}`);
  if (metrics.classMetrics.length > maxClassRows) return;
  const rows = metrics.classMetrics.map(({ label, support, precision, recall, f1 }) => [
    label,
    String(support),
    decimals(precision),
    decimals(recall),
    decimals(f1),
  ]);
  output.print(table([["CLASS", "EXAMPLES", "PRECISION", "RECALL", "F1"], ...rows]));
}

function intervalText(interval: Interval | undefined): string {
  if (!interval) return "-";
  const { estimate, lower, upper, level, method, unavailable } = interval;
  if (lower === undefined || upper === undefined) return `${decimals(estimate)} (no interval: ${shownLong(unavailable)})`;
  return `${decimals(estimate)} (${decimals(level * 100, 1)}% interval ${decimals(lower)} to ${decimals(upper)}, ${shown(method)})`;
}
