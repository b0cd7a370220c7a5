import { setImmediate } from "node:timers/promises";
import type { Example } from "#core/datasets/example.js";
import { FaultError } from "#core/fault.js";
import type { MetricPoint } from "#core/jobs/metricPoint.js";
import type { TrainingPlan, TrainingResult, TrainingSpec } from "#core/jobs/trainingJob.js";
import { scheduleFactor } from "#core/schedules/scheduleFactor.js";
import { batchPlan } from "#core/training/batchPlan.js";
import { loadModel, type LoadedModel } from "../models/loadModel.js";
import { saveModel } from "../models/saveModel.js";
import { loadTokenizer } from "../models/tokenizer.js";
import { createOptimizer, type EngineOptimizer } from "../optimizer/createOptimizer.js";
import { peakMemoryBytes, trainingEnvironment } from "./environment.js";
import { evaluate } from "./evaluate.js";
import { clippingFactor, globalNorm } from "./globalNorm.js";
import { type EncodedExample, stepGradients } from "./stepGradients.js";
import { TrainingFailure } from "./trainingFailure.js";

/** A point before the job says whose it is. */
export type EnginePoint = Omit<MetricPoint, "uid" | "job" | "attempt" | "time">;

/** What to train. */
export interface TrainInput {
  spec: TrainingSpec;
  plan: TrainingPlan;
  modelFolder: string;
  train: readonly Example[];
  validation: readonly Example[];
  /** Names of the classes, in the order of their ids. */
  classes: readonly string[];
  /** Where the fine-tuned model is saved. */
  checkpointFolder: string;
}

/** Who is told how it goes, and says when to stop. */
export interface TrainObserver {
  onStep(point: EnginePoint): void;
  onEvaluation(point: EnginePoint): void;
  onLog(level: "info" | "warn" | "error", message: string, attributes: Record<string, number | string | boolean>): void;
  /** Asked before each step. */
  shouldStop(): boolean;
}

/**
 * Fine-tunes a model and saves it. After each step the event loop turns once.
 * @returns `stopped` when it was asked to stop: nothing is saved then
 * @throws TrainingFailure when the loss or the gradient is not finite and the job says to fail; FaultError when the model cannot be used
 */
export async function train(input: TrainInput, observer: TrainObserver): Promise<{ stopped: boolean; result?: TrainingResult }> {
  const { spec, classes, modelFolder } = input;
  const model = await loadModel(modelFolder, classes.length, { seed: spec.seed, field: "training_job.model" });
  let optimizer: EngineOptimizer | undefined;
  try {
    checkMaxLength(spec.maxLength, model);
    if (model.created.length > 0) observer.onLog("info", "parameters drawn from the seed", { parameters: model.created.join(", ") });
    optimizer = createOptimizer({ ...spec.optimizer, parameters: model.parameters });
    const outcome = await runSteps(input, observer, model, optimizer);
    if (outcome === undefined) return { stopped: true };
    const weightsDigest = await saveModel(input.checkpointFolder, { sourceFolder: modelFolder, classes, parameters: model.parameters });
    const environment = trainingEnvironment(optimizer.executor);
    return {
      stopped: false,
      result: { ...outcome, weightsDigest, checkpoint: input.checkpointFolder, peakMemoryBytes: peakMemoryBytes(), environment },
    };
  } finally {
    optimizer?.dispose();
    model.parameters.dispose();
  }
}

type Outcome = Omit<TrainingResult, "weightsDigest" | "checkpoint" | "peakMemoryBytes" | "environment">;

async function runSteps(
  input: TrainInput,
  observer: TrainObserver,
  model: LoadedModel,
  optimizer: EngineOptimizer,
): Promise<Outcome | undefined> {
  const { spec, plan } = input;
  const { totalSteps } = plan;
  const tokenizer = await loadTokenizer(input.modelFolder, spec.maxLength);
  const encode = ({ text, textPair, label }: Example): EncodedExample => ({ encoding: tokenizer(text, textPair), label });
  const encoded = new Map<number, EncodedExample>();
  const encodedRow = (row: number): EncodedExample => {
    const example = encoded.get(row) ?? encode(input.train[row] as Example);
    encoded.set(row, example);
    return example;
  };
  const validation = input.validation.map(encode);
  const batchOf = batchPlan({ rows: input.train.length, batchSize: spec.batchSize, seed: spec.seed });
  const baseRate = learningRateOf(spec);
  const startTime = performance.now();
  const outcome: Outcome = { steps: totalSteps, finalLoss: Number.NaN, trainSeconds: 0, tokens: 0, skippedSteps: 0 };

  for (let step = 1; step <= totalSteps; step++) {
    if (observer.shouldStop()) return undefined;
    const stepStart = performance.now();
    const batch = batchOf(step);
    const examples = Array.from(batch.rows, encodedRow);
    const learningRate = baseRate * scheduleFactor(spec.schedule, step, totalSteps);
    const { gradients, loss, accuracy, tokens } = stepGradients(model, examples, {
      microBatchTokens: spec.microBatchTokens,
      dropout: { seed: spec.seed, step },
    });
    const gradNorm = globalNorm(gradients.values());
    const point: EnginePoint = {
      step,
      totalSteps,
      epoch: batch.epochsDone,
      kind: "TRAIN",
      loss,
      learningRate,
      gradNorm,
      accuracy,
      examples: examples.length,
      tokens,
      optimizerScalars: {},
    };
    try {
      if (Number.isFinite(loss) && Number.isFinite(gradNorm)) {
        const update = optimizer.update(gradients, { learningRate, step, gradientScale: clippingFactor(gradNorm, spec.maxGradNorm) });
        Object.assign(point, { updateNorm: update.updateNorm, paramNorm: update.paramNorm, optimizerScalars: update.scalars });
        outcome.finalLoss = loss;
      } else {
        if (spec.onNan === "FAIL") throw notFinite(step, learningRate, loss, gradNorm);
        outcome.skippedSteps += 1;
        observer.onLog("warn", "step skipped: the loss or the gradient is not finite", { step, loss, gradNorm, learningRate });
      }
    } finally {
      for (const gradient of gradients.values()) gradient.dispose();
    }
    const stepSeconds = (performance.now() - stepStart) / 1000;
    outcome.tokens += tokens;
    observer.onStep({ ...point, stepSeconds, tokensPerSecond: tokens / stepSeconds });
    await setImmediate();
    if (isEvaluationStep(step, spec, plan)) {
      const metrics = await evaluate(model, validation, spec.microBatchTokens);
      // The last update is followed by no step that would notice.
      if (!Number.isFinite(metrics.loss) && spec.onNan === "FAIL") throw notFinite(step, learningRate, metrics.loss, gradNorm);
      observer.onEvaluation({
        step,
        totalSteps,
        epoch: batch.epochsDone,
        kind: "EVALUATION",
        ...metrics,
        examples: validation.length,
        optimizerScalars: {},
      });
      outcome.validationLoss = metrics.loss;
      outcome.validationAccuracy = metrics.accuracy;
    }
  }
  return { ...outcome, trainSeconds: (performance.now() - startTime) / 1000 };
}

/** After the last step, and before it as often as the job says. */
function isEvaluationStep(step: number, spec: TrainingSpec, plan: TrainingPlan): boolean {
  const every = spec.evaluateEvery ?? plan.stepsPerEpoch;
  return step === plan.totalSteps || (every > 0 && step % every === 0);
}

function learningRateOf({ optimizer }: TrainingSpec): number {
  const rate = optimizer.hyperparameters.learning_rate;
  if (typeof rate !== "number") throw new RangeError(`learning_rate of ${optimizer.name} is ${JSON.stringify(rate)}; it must be a number`);
  return rate;
}

function checkMaxLength(maxLength: number, { config }: LoadedModel): void {
  if (maxLength <= config.maxPositions) return;
  const description = `is ${maxLength}; the model has ${config.maxPositions} positions, so at most ${config.maxPositions} are allowed`;
  throw new FaultError([{ field: "training_job.max_length", reason: "OUT_OF_RANGE", description }]);
}

function notFinite(step: number, learningRate: number, loss: number, gradNorm: number): TrainingFailure {
  return new TrainingFailure({
    code: "NAN_LOSS",
    message: `at step ${step}, with learning rate ${learningRate}, the loss is ${loss} and the gradient's norm ${gradNorm}; lower the learning rate, or set on_nan to SKIP`,
    field: "training_job.optimizer.hyperparameters.learning_rate",
    step,
  });
}
