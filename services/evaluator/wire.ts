import type { EvaluationInput, EvaluationMetricsInput, IntervalInput, PredictionSourceInput } from "@stepwire/proto";
import type { EvaluationMetrics, EvaluationRecord, PredictionSource } from "#core/evaluations/evaluation.js";
import type { Interval } from "#core/statistics/interval.js";
import { timestamp } from "#platform/protoJson.js";

// The only file of the evaluator, with `wireComparison.ts`, that sees both the contract's types and core's.

/** The record as the contract shows it. */
export function writeEvaluation(record: EvaluationRecord): EvaluationInput {
  return {
    id: record.id,
    uid: record.uid,
    state: `EVALUATION_STATE_${record.state}`,
    create_time: timestamp(record.createTime),
    ...(record.endTime !== undefined && { end_time: timestamp(record.endTime) }),
    training_job: record.trainingJob,
    split: record.split,
    level: record.intervals.level,
    interval: record.intervals.interval,
    bootstrap: record.intervals.bootstrap,
    ...(record.source && { source: writeSource(record.source) }),
    ...(record.metrics && { metrics: writeMetrics(record.metrics) }),
    ...(record.error && {
      error: { code: record.error.code, message: record.error.message, field: record.error.field ?? "", attempt: record.error.attempt },
    }),
    attempt: record.attempt,
    ...(record.progress && { progress: { examples: record.progress.examples, total_examples: record.progress.totalExamples } }),
  };
}

function writeSource({ model, dataset, seed, task, grouped }: PredictionSource): PredictionSourceInput {
  return { model, dataset, seed, task, grouped };
}

function writeMetrics(metrics: EvaluationMetrics): EvaluationMetricsInput {
  return {
    examples: metrics.examples,
    ...(metrics.correct !== undefined && { correct: String(metrics.correct) }),
    ...(metrics.accuracy && { accuracy: writeInterval(metrics.accuracy) }),
    ...(metrics.loss !== undefined && { loss: metrics.loss }),
    ...(metrics.tokens !== undefined && { tokens: String(metrics.tokens) }),
    ...(metrics.perplexity && { perplexity: writeInterval(metrics.perplexity) }),
    ...defined({
      loss_interval: metrics.lossInterval,
      macro_f1: metrics.macroF1,
      micro_f1: metrics.microF1,
      matthews_correlation: metrics.matthewsCorrelation,
      balanced_accuracy: metrics.balancedAccuracy,
      brier: metrics.brier,
      calibration_error: metrics.calibrationError,
      roc_auc: metrics.rocAuc,
    }),
    classes: metrics.classes,
    confusion_matrix: metrics.confusionMatrix.map((counts) => ({ counts })),
    class_metrics: metrics.classMetrics,
    split_digest: metrics.splitDigest,
    weights_digest: metrics.weightsDigest,
    predictions: metrics.predictions,
    seconds: metrics.seconds,
  };
}

export function writeInterval(interval: Interval): IntervalInput {
  return {
    estimate: interval.estimate,
    ...(interval.lower !== undefined && { lower: interval.lower }),
    ...(interval.upper !== undefined && { upper: interval.upper }),
    level: interval.level,
    method: interval.method,
    about: interval.about,
    unavailable: interval.unavailable ?? "",
    ...(interval.resampling && { resampling: interval.resampling }),
  };
}

/** The intervals that there are. */
function defined(intervals: Record<string, Interval | undefined>): Record<string, IntervalInput> {
  return Object.fromEntries(Object.entries(intervals).flatMap(([name, interval]) => (interval ? [[name, writeInterval(interval)]] : [])));
}
