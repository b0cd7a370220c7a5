import { messageJson } from "../mapping/messageJson.js";
import type { Evaluation, Interval } from "../messages.js";
import { decimals, table } from "./format.js";
import type { Output } from "./output.js";
import { shown, shownLong } from "./printable.js";

const maxClassRows = 30;

/** The `evaluation` line. */
export function evaluationLine({ id, state, trainingJob, split, source, metrics }: Evaluation, output: Output): void {
  output.line("evaluation", {
    id,
    ...(source ? { source: messageJson("stepwire.v1.PredictionSource", source, "plain") } : { training_job: trainingJob, split }),
    state,
    ...(metrics && messageJson("stepwire.v1.EvaluationMetrics", metrics, "plain")),
  });
}

/** How good a checkpoint is: the `evaluation` line, or a few lines for people. */
export function reportEvaluation(evaluation: Evaluation, output: Output): void {
  const { metrics } = evaluation;
  if (!metrics) return;
  evaluationLine(evaluation, output);
  const where = `${metrics.examples} examples of "${shown(evaluation.source?.dataset ?? evaluation.split)}"`;
  if (evaluation.source) output.print(`evaluation ${evaluation.id} of "${shown(evaluation.source.model)}"`);
  if (metrics.accuracy && metrics.perplexity) {
    output.print(`perplexity ${intervalText(metrics.perplexity)}: ${metrics.tokens ?? 0} tokens of ${where}`);
    output.print(`loss ${intervalText(metrics.lossInterval, 4)}, token accuracy ${intervalText(metrics.accuracy)}`);
  } else if (metrics.accuracy) {
    output.print(`accuracy ${intervalText(metrics.accuracy)}: ${metrics.correct ?? 0} of ${where}`);
    const { macroF1, balancedAccuracy, matthewsCorrelation, rocAuc, lossInterval, brier, calibrationError } = metrics;
    const others = {
      "macro F1": macroF1,
      "balanced accuracy": balancedAccuracy,
      "Matthews correlation": matthewsCorrelation,
      "ROC AUC": rocAuc,
    };
    const errors = { loss: lossInterval, "Brier score": brier, "calibration error": calibrationError };
    for (const [name, interval] of Object.entries(others)) if (interval) output.print(`${name} ${intervalText(interval)}`);
    for (const [name, interval] of Object.entries(errors)) if (interval) output.print(`${name} ${intervalText(interval, 4)}`);
  } else output.print(`mean squared error ${intervalText(metrics.lossInterval, 4)}: ${where}`);
  if (metrics.classMetrics.length === 0) return;
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

function intervalText(interval: Interval | undefined, digits?: number): string {
  if (!interval) return "-";
  const { estimate, lower, upper, level, method, unavailable } = interval;
  if (lower === undefined || upper === undefined) return `${decimals(estimate, digits)} (no interval: ${shownLong(unavailable)})`;
  return `${decimals(estimate, digits)} (${decimals(level * 100, 1)}% interval ${decimals(lower, digits)} to ${decimals(upper, digits)}, ${shown(method)})`;
}
