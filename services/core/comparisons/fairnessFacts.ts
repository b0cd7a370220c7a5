import type { EvaluationRecord } from "../evaluations/evaluation.js";
import type { OptimizerSelection, TrainingJobRecord } from "../jobs/trainingJob.js";

/** What is the same for all models of a fair comparison, unless its caller says that it is not. */
export const fairnessFacts = [
  "split_digest",
  "base_weights",
  "tokenizer",
  "max_length",
  "train_rows",
  "epochs",
  "steps",
  "batch_size",
  "budget",
  "schedule",
  "max_grad_norm",
  "on_nan",
  "micro_batch_tokens",
  "precision",
  "lora",
  "resume_from",
] as const;
export type FairnessFact = (typeof fairnessFacts)[number];

/** What is the same for all models that can be compared at all. */
export const pairingFacts = ["task", "examples", "classes"] as const;
export type PairingFact = (typeof pairingFacts)[number];

/** An evaluation, and what is known of how its model was made. Values are texts that are equal where the facts are. */
export interface ComparedEvaluation {
  id: string;
  trainingJob: { id: string; uid: string };
  seed: number;
  /** Whether the rows that are trained on hang on the seed. */
  drawsTrainRows: boolean;
  /** Name and all hyperparameters. */
  optimizer: string;
  /** What exactness depends on: threads, instruction set, versions. */
  environment: string;
  /** Predictions that were made elsewhere. */
  wasSent: boolean;
  pairing: Record<PairingFact, string>;
  /** Undefined: not recorded when the model was trained. */
  facts: Record<FairnessFact, string | undefined>;
}

/**
 * Predictions that were made elsewhere: how their model was made is not known.
 * @returns undefined unless they were sent
 */
export function comparedPredictions({ id, uid, source, metrics }: EvaluationRecord): ComparedEvaluation | undefined {
  if (!source || !metrics) return undefined;
  const unknown = Object.fromEntries(fairnessFacts.map((name) => [name, undefined])) as ComparedEvaluation["facts"];
  return {
    id,
    trainingJob: { id: source.model, uid },
    seed: source.seed,
    drawsTrainRows: false,
    optimizer: source.model,
    environment: "not recorded",
    wasSent: true,
    pairing: { task: source.task, examples: String(metrics.examples), classes: canonical(metrics.classes) },
    facts: { ...unknown, split_digest: metrics.splitDigest },
  };
}

/** @returns undefined unless both SUCCEEDED */
export function comparedEvaluation(evaluation: EvaluationRecord, job: TrainingJobRecord): ComparedEvaluation | undefined {
  const { metrics } = evaluation;
  const { spec, plan, result } = job;
  if (evaluation.state !== "SUCCEEDED" || !metrics || !result) return undefined;
  const { schedule, optimizer, epochs, maxSteps, dataset } = spec;
  const steps = plan.totalSteps - (plan.firstStep ?? 1) + 1;
  return {
    id: evaluation.id,
    trainingJob: { id: job.id, uid: job.uid },
    seed: spec.seed,
    drawsTrainRows: dataset.maxTrainRows !== undefined,
    optimizer: optimizerText(optimizer),
    environment: canonical(result.environment),
    wasSent: false,
    pairing: { task: spec.task, examples: String(metrics.examples), classes: canonical(metrics.classes) },
    facts: {
      split_digest: metrics.splitDigest,
      base_weights: result.origin?.baseWeightsDigest,
      tokenizer: result.origin?.tokenizerDigest,
      max_length: `${spec.maxLength} tokens`,
      train_rows: result.origin && `${plan.trainRows} rows, ${result.origin.trainRowsDigest}`,
      epochs: maxSteps === undefined ? `${epochs ?? 1} epochs` : `${maxSteps} steps`,
      steps: String(steps),
      batch_size: String(spec.batchSize),
      // Rows are seen a whole number of times, and the last batch of an epoch may be smaller.
      budget: `${Math.round((steps * plan.trainRows) / plan.stepsPerEpoch)} examples trained on`,
      schedule: canonical({
        ...schedule,
        // Of all schedules this one alone asks how the validation goes.
        ...(schedule.name === "reduce_on_plateau" && { evaluateEvery: spec.evaluateEvery ?? "epoch" }),
      }),
      max_grad_norm: spec.maxGradNorm === 0 ? "off" : String(spec.maxGradNorm),
      on_nan: spec.onNan === "SKIP" ? "SKIP: steps that are not finite are left out" : "FAIL",
      // Dropout is drawn for each micro-batch anew, and sums over them are rounded in their order.
      micro_batch_tokens: String(spec.microBatchTokens),
      precision: spec.precision ?? "float32",
      lora: spec.lora ? canonical(spec.lora) : "none: all weights are trained",
      resume_from: job.resume ? `${job.resume.uid}, attempt ${job.resume.attempt}` : "none",
    },
  };
}

function optimizerText({ name, hyperparameters, ...rest }: OptimizerSelection): string {
  return [name, hyperparameters, rest]
    .flatMap((part) => (typeof part === "string" ? part : isEmpty(part) ? [] : canonical(part)))
    .join(" ");
}

function isEmpty(part: object): boolean {
  return Object.keys(part).length === 0;
}

/** JSON with its keys in order: equal where the values are. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
