import type {
  DatasetColumnsInput,
  DatasetInput,
  JobErrorInput,
  MetricPointInput,
  TrainingEventInput,
  TrainingJob,
  TrainingJobInput,
  TrainingResultInput,
} from "@stepwire/proto";
import type { DatasetColumns } from "#core/datasets/datasetColumns.js";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import type { TrainingJobDraft } from "#core/jobs/completeSpec.js";
import type { MetricPoint } from "#core/jobs/metricPoint.js";
import type { Fault } from "#core/fault.js";
import {
  type JobError,
  type TrainingJobRecord,
  type TrainingJobState,
  type TrainingResult,
  trainingJobStates,
} from "#core/jobs/trainingJob.js";
import { quote } from "#core/quote.js";
import { timestamp } from "#platform/protoJson.js";
import { objectToStruct, structToObject } from "#platform/struct.js";
import { defined } from "./defined.js";
import { readOptimizer, writeOptimizerSpec } from "./wireOptimizer.js";

// The only file of the trainer that sees both the contract's types and core's.

const statePrefix = "TRAINING_JOB_STATE_";

/** The state as the contract spells it. */
export function wireState(state: TrainingJobState): `${typeof statePrefix}${TrainingJobState}` {
  return `${statePrefix}${state}`;
}

/** The states of a filter; a number is an enum value that this server does not know. */
export function readStates(states: readonly unknown[]): { states: TrainingJobState[]; fault?: Fault } {
  const names = states.map((state) => String(state).replace(statePrefix, ""));
  const isState = (name: string): name is TrainingJobState => (trainingJobStates as readonly string[]).includes(name);
  const unknown = names.filter((name) => !isState(name));
  if (unknown.length === 0) return { states: names.filter(isState) };
  const description = `${unknown.slice(0, 10).map(quote).join(", ")} is not a state; allowed: ${trainingJobStates.join(", ")}`;
  return { states: [], fault: { field: "states", reason: "UNKNOWN_VALUE", description } };
}

/** The caller's job as a draft: zero values of fields without presence count as left out. */
export function readDraft(job: TrainingJob): TrainingJobDraft {
  const { dataset, optimizer, schedule } = job;
  return defined({
    task: job.task || undefined,
    model: job.model || undefined,
    dataset: !dataset
      ? undefined
      : defined({
          id: dataset.id,
          trainSplit: dataset.train_split || undefined,
          validationSplit: dataset.validation_split || undefined,
          validationFraction: dataset.validation_fraction,
          splitSeed: integer(dataset.split_seed),
          maxTrainRows: dataset.max_train_rows,
        }),
    optimizer: optimizer ? readOptimizer(optimizer) : undefined,
    lora: !job.lora
      ? undefined
      : defined({
          rank: job.lora.rank,
          alpha: job.lora.alpha,
          dropout: job.lora.dropout,
          targets: job.lora.targets,
          rslora: job.lora.rslora || undefined,
        }),
    precision: job.precision || undefined,
    schedule: !schedule
      ? undefined
      : defined({
          name: schedule.name || undefined,
          warmupSteps: schedule.warmup_steps,
          warmupRatio: schedule.warmup_ratio,
          options: schedule.options ? structToObject(schedule.options) : undefined,
        }),
    maxGradNorm: job.max_grad_norm,
    epochs: job.epochs,
    maxSteps: job.max_steps,
    batchSize: job.batch_size,
    microBatchTokens: job.micro_batch_tokens,
    maxLength: job.max_length,
    seed: integer(job.seed),
    evaluateEvery: job.evaluate_every,
    // A number is an enum value that this server does not know.
    onNan: job.on_nan === "NAN_POLICY_UNSPECIFIED" ? undefined : String(job.on_nan).replace(/^NAN_POLICY_/, ""),
    keepTrainingState: job.keep_training_state || undefined,
    recomputeActivations: job.recompute_activations || undefined,
    resumeFrom: job.resume_from || undefined,
  });
}

/** The record as the contract shows it. */
export function writeTrainingJob(record: TrainingJobRecord): TrainingJobInput {
  const { spec, plan, progress } = record;
  return {
    id: record.id,
    uid: record.uid,
    state: wireState(record.state),
    create_time: timestamp(record.createTime),
    ...(record.startTime === undefined ? {} : { start_time: timestamp(record.startTime) }),
    ...(record.endTime === undefined ? {} : { end_time: timestamp(record.endTime) }),
    task: spec.task,
    model: spec.model,
    dataset: {
      id: spec.dataset.id,
      train_split: spec.dataset.trainSplit,
      split_seed: String(spec.dataset.splitSeed),
      ...defined({
        validation_split: spec.dataset.validationSplit,
        validation_fraction: spec.dataset.validationFraction,
        max_train_rows: spec.dataset.maxTrainRows,
      }),
    },
    optimizer: writeOptimizerSpec(spec.optimizer),
    ...(spec.lora && { lora: { ...spec.lora, targets: [...spec.lora.targets] } }),
    precision: spec.precision ?? "float32",
    schedule: {
      name: spec.schedule.name,
      ...defined({ warmup_steps: spec.schedule.warmupSteps, warmup_ratio: spec.schedule.warmupRatio }),
      options: objectToStruct(spec.schedule.options ?? {}),
    },
    max_grad_norm: spec.maxGradNorm,
    ...defined({ epochs: spec.epochs, max_steps: spec.maxSteps, evaluate_every: spec.evaluateEvery }),
    batch_size: spec.batchSize,
    micro_batch_tokens: spec.microBatchTokens,
    max_length: spec.maxLength,
    seed: String(spec.seed),
    on_nan: `NAN_POLICY_${spec.onNan}`,
    keep_training_state: spec.keepTrainingState ?? false,
    recompute_activations: spec.recomputeActivations ?? false,
    resume_from: spec.resumeFrom ?? "",
    labels: record.labels,
    plan: {
      total_steps: plan.totalSteps,
      steps_per_epoch: plan.stepsPerEpoch,
      warmup_steps: plan.warmupSteps,
      train_rows: plan.trainRows,
      validation_rows: plan.validationRows,
      tokens: String(plan.tokens),
      peak_memory_bytes: String(plan.peakMemoryBytes),
      expected_seconds: plan.expectedSeconds,
      parameters: String(plan.parameters),
      first_step: plan.firstStep ?? 1,
    },
    ...(progress && {
      progress: {
        step: progress.step,
        total_steps: progress.totalSteps,
        epoch: progress.epoch,
        ...defined({ loss: progress.loss, validation_accuracy: progress.validationAccuracy }),
        tokens_per_second: progress.tokensPerSecond,
        seconds_left: progress.secondsLeft,
      },
    }),
    attempt: record.attempt,
    ...(record.error && { error: writeError(record.error) }),
    ...(record.result && { result: writeResult(record.result) }),
  };
}

function writeError(error: JobError): JobErrorInput {
  return { code: error.code, message: error.message, field: error.field ?? "", attempt: error.attempt, step: error.step ?? 0 };
}

function writeResult(result: TrainingResult): TrainingResultInput {
  return {
    steps: result.steps,
    final_loss: result.finalLoss,
    ...defined({ validation_loss: result.validationLoss, validation_accuracy: result.validationAccuracy }),
    train_seconds: result.trainSeconds,
    tokens: String(result.tokens),
    peak_memory_bytes: String(result.peakMemoryBytes),
    weights_digest: result.weightsDigest,
    checkpoint: result.checkpoint,
    environment: result.environment,
    skipped_steps: result.skippedSteps,
    ...(result.origin && {
      origin: {
        base_weights_digest: result.origin.baseWeightsDigest,
        tokenizer_digest: result.origin.tokenizerDigest,
        train_rows_digest: result.origin.trainRowsDigest,
      },
    }),
  };
}

/** A metric point as it goes over NATS. */
export function writeMetricPoint(point: MetricPoint): MetricPointInput {
  return {
    uid: point.uid,
    job: point.job,
    attempt: point.attempt,
    step: point.step,
    total_steps: point.totalSteps,
    epoch: point.epoch,
    time: timestamp(point.time),
    kind: `METRIC_KIND_${point.kind}`,
    ...defined({
      loss: point.loss,
      learning_rate: point.learningRate,
      grad_norm: point.gradNorm,
      update_norm: point.updateNorm,
      param_norm: point.paramNorm,
      tokens_per_second: point.tokensPerSecond,
      step_seconds: point.stepSeconds,
      accuracy: point.accuracy,
    }),
    examples: point.examples,
    tokens: String(point.tokens),
    optimizer_scalars: point.optimizerScalars,
  };
}

/** The event that says a job's state as its record has it now. */
export function writeStateChange(record: TrainingJobRecord, time: string): TrainingEventInput {
  return {
    uid: record.uid,
    job: record.id,
    time: timestamp(time),
    state_change: {
      state: wireState(record.state),
      error: record.error ? writeError(record.error) : null,
      result: record.result ? writeResult(record.result) : null,
    },
  };
}

/** A stored data set. */
export function writeDataset(record: DatasetRecord): DatasetInput {
  return {
    id: record.id,
    uid: record.uid,
    create_time: timestamp(record.createTime),
    columns: writeColumns(record.columns),
    classes: record.classes,
    splits: record.splits.map((split) => ({
      name: split.name,
      rows: split.rows,
      class_counts: split.classCounts.map((rows, index) => ({ label: record.classes[index] ?? "", rows })),
      token_lengths: split.tokenLengths.map(({ atMost, rows }) => ({ at_most: atMost, rows })),
      digest: split.digest,
      duplicates: split.duplicates,
    })),
    digest: record.digest,
    warnings: record.warnings,
  };
}

function writeColumns({
  text = "",
  textPair = "",
  label = "",
  target = "",
  prompt = "",
  completion = "",
}: DatasetColumns): DatasetColumnsInput {
  return { text, text_pair: textPair, label, target, prompt, completion };
}

/** int64 fields arrive as strings; one beyond 2^53 becomes a number that range checks refuse. */
function integer(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
