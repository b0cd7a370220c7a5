import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Example } from "#core/datasets/example.js";
import { FaultError } from "#core/fault.js";
import type { MetricPoint } from "#core/jobs/metricPoint.js";
import type { TrainingPlan, TrainingResult, TrainingSpec } from "#core/jobs/trainingJob.js";
import { renderModelCard } from "#core/models/modelCard.js";
import type { Interval } from "#core/statistics/interval.js";
import { trainingHead } from "#core/training/trainingHead.js";
import { frozenFaults, unmatchedGroupFaults } from "#core/optimizers/parameterGroups.js";
import { resolveOptimizer } from "#core/optimizers/resolveOptimizer.js";
import { scheduleFactor } from "#core/schedules/scheduleFactor.js";
import { batchPlan } from "#core/training/batchPlan.js";
import { Cancelled, paced, type ShouldStop, turn } from "../cancellation.js";
import { type AdaptedModel, adaptModel, mergedParameters, trainedParameters } from "../models/adapter.js";
import { loadModel, type LoadedModel } from "../models/loadModel.js";
import type { ModelFolder } from "../models/modelFolder.js";
import { collectTextFaults } from "../models/textFaults.js";
import { adapterFolder, saveAdapter } from "../models/saveAdapter.js";
import { type SavedTask, saveModel } from "../models/saveModel.js";
import { free } from "../ops.js";
import type { Parameters } from "../parameters.js";
import { createOptimizer, type EngineOptimizer } from "../optimizer/createOptimizer.js";
import { peakMemoryBytes, trainingEnvironment } from "./environment.js";
import { evaluate } from "./evaluate.js";
import { clippingFactor } from "./globalNorm.js";
import { gradientFailure, lossFailure, parameterFailure, type StepFacts, validationFailure } from "./nonFinite.js";
import { createPlateau, type Plateau } from "./plateau.js";
import { resumeTraining } from "./resumeTraining.js";
import { type EncodedExample, exampleEncoder } from "./encodedExample.js";
import { takeGradients } from "./takeGradients.js";
import { trainingOrigin } from "./trainingOrigin.js";
import { saveTrainingState } from "./trainingState.js";

/** A point before the job says whose it is. */
export type EnginePoint = Omit<MetricPoint, "uid" | "job" | "attempt" | "time">;

/** What to train. */
export interface TrainInput {
  spec: TrainingSpec;
  plan: TrainingPlan;
  /**
   * A path: a folder that this program made. Where the plan's first step is not 1 the checkpoint that training goes on from, with its training
   * state.
   */
  modelFolder: ModelFolder | string;
  train: readonly Example[];
  validation: readonly Example[];
  /** For the model's card. */
  dataset: { id: string; digest: string };
  /** Names of the classes, in the order of their ids. */
  classes: readonly string[];
  /** Where the fine-tuned model is saved. */
  checkpointFolder: string;
  /** Fills a folder that takes its name once it is whole. */
  writeFolder: <T>(folder: string, write: (temporaryFolder: string) => Promise<T>) => Promise<T>;
}

/** Who is told how it goes, and says when to stop. */
export interface TrainObserver {
  onStep(point: EnginePoint): void;
  onEvaluation(point: EnginePoint): void;
  onLog(level: "info" | "warn" | "error", message: string, attributes: Record<string, number | string | boolean>): void;
  /** Asked between tensors, texts, micro-batches and batches of validation: many times a second. */
  shouldStop(): boolean;
}

/**
 * Fine-tunes a model and saves it.
 * @returns `stopped` when it was asked to stop: nothing is saved then
 * @throws TrainingFailure when a number is not finite and the job says to fail, or nothing can mend it; FaultError when the model or the
 *   training state cannot be used
 */
export async function train(input: TrainInput, observer: TrainObserver): Promise<{ stopped: boolean; result?: TrainingResult }> {
  try {
    return { stopped: false, result: await trainAndSave(input, observer) };
  } catch (error) {
    if (error instanceof Cancelled) return { stopped: true };
    throw error;
  }
}

async function trainAndSave(input: TrainInput, observer: TrainObserver): Promise<TrainingResult> {
  const { spec, classes, modelFolder: sourceFolder, checkpointFolder } = input;
  const shouldStop = () => observer.shouldStop();
  const options = { seed: spec.seed, field: sourceField(input.plan), shouldStop };
  const loaded = await loadModel(sourceFolder, trainingHead(spec, classes.length), options);
  let optimizer: EngineOptimizer | undefined;
  try {
    const origin = await trainingOrigin({ ...input, model: loaded }, shouldStop);
    const whole = spec.lora ? adaptModel(loaded, spec.lora, { seed: spec.seed, field: "training_job.lora.targets" }) : loaded;
    const parameters = trainedParameters(whole);
    checkFit(spec, whole, parameters);
    if (whole.created.length > 0) observer.onLog("info", "parameters drawn from the seed", { parameters: whole.created.join(", ") });
    const created = createOptimizer({ optimizer: resolveOptimizer(spec.optimizer), parameters });
    optimizer = created;
    const model = { ...whole, trained: new Set(created.names), recomputes: spec.recomputeActivations ?? false };
    const into = { optimizer: created, parameters: loaded.parameters, classes, shouldStop };
    const plateau = createPlateau(spec.schedule, (await resumeTraining(sourceFolder, input.plan, into)).plateau);
    const { intervals, ...outcome } = await runSteps(input, observer, { model, parameters, optimizer: created, plateau });
    const environment = trainingEnvironment(created.executor);
    const save = async (folder: string) => {
      const digest = await created.atEvaluationPoint(() => saveTrained(folder, input, model, shouldStop));
      const kept = { step: outcome.steps, selection: spec.optimizer, weightsDigest: digest, ...plateau.state() };
      const { plan, dataset } = input;
      const { skippedSteps } = outcome;
      const card = { spec, plan, dataset, weightsDigest: digest, validation: intervals, skippedSteps, environment };
      await writeFile(join(folder, "README.md"), renderModelCard(card));
      if (spec.keepTrainingState) await saveTrainingState(folder, { ...kept, optimizer: created, parameters, shouldStop });
      return digest;
    };
    const weightsDigest = await input.writeFolder(checkpointFolder, save);
    return { ...outcome, weightsDigest, checkpoint: checkpointFolder, peakMemoryBytes: peakMemoryBytes(), environment, origin };
  } finally {
    optimizer?.dispose();
    loaded.parameters.dispose();
  }
}

/** The model as it is used, and beside it an adapter alone. @returns the digest of the model's weights */
async function saveTrained(
  folder: string,
  { spec, classes, modelFolder: sourceFolder }: TrainInput,
  model: LoadedModel | AdaptedModel,
  shouldStop: ShouldStop,
): Promise<string> {
  const task: SavedTask = spec.task === "classification" ? { task: spec.task, classes } : { task: spec.task };
  if (!("lora" in model)) return await saveModel(folder, { sourceFolder, task, parameters: model.parameters, shouldStop });
  const merged = mergedParameters(model);
  try {
    const digest = await saveModel(folder, { sourceFolder, task, parameters: merged.parameters, shouldStop });
    await saveAdapter(join(folder, adapterFolder), model, { baseModel: spec.model, shouldStop });
    return digest;
  } finally {
    merged.dispose();
  }
}

interface Outcome extends Omit<TrainingResult, "weightsDigest" | "checkpoint" | "peakMemoryBytes" | "environment" | "origin"> {
  /** Of the last evaluation. */
  intervals: Record<string, Interval>;
}

interface Trained {
  model: LoadedModel;
  /** Those that training moves. */
  parameters: Parameters;
  optimizer: EngineOptimizer;
  plateau: Plateau;
}

async function runSteps(input: TrainInput, observer: TrainObserver, { model, parameters, optimizer, plateau }: Trained): Promise<Outcome> {
  const { spec, plan } = input;
  const { totalSteps, firstStep = 1 } = plan;
  const shouldStop = () => observer.shouldStop();
  const pause = paced(shouldStop);
  const encode = await exampleEncoder(input.modelFolder, model.head, spec.maxLength, { config: model.config, field: sourceField(plan) });
  const encoded = new Map<number, EncodedExample>();
  const encodedRow = (row: number): EncodedExample => {
    const place = { field: datasetField, name: `row ${row + 1} of those to train on` };
    const example = encoded.get(row) ?? encode(input.train[row] as Example, place);
    encoded.set(row, example);
    return example;
  };
  const texts = collectTextFaults();
  const validation: EncodedExample[] = [];
  for (const [row, example] of input.validation.entries()) {
    const place = { field: datasetField, name: `row ${row + 1} of those to validate on` };
    const one = texts.encode(() => encode(example, place));
    if (one) validation.push(one);
    await pause();
  }
  const batchOf = batchPlan({ rows: input.train.length, batchSize: spec.batchSize, seed: spec.seed });
  // Rows that cannot be used are told before the first step, not hours later.
  for (let step = firstStep; encode.refuses && step <= Math.min(totalSteps, firstStep + plan.stepsPerEpoch - 1); step++)
    for (const row of batchOf(step).rows) {
      texts.encode(() => encodedRow(row));
      await pause();
    }
  texts.refuse();
  const baseRate = learningRateOf(spec);
  const startTime = performance.now();
  const outcome: Outcome = { steps: totalSteps, finalLoss: Number.NaN, trainSeconds: 0, tokens: 0, skippedSteps: 0, intervals: {} };

  for (let step = firstStep; step <= totalSteps; step++) {
    await turn(shouldStop);
    const stepStart = performance.now();
    const batch = batchOf(step);
    const examples: EncodedExample[] = [];
    for (const row of batch.rows) {
      examples.push(encodedRow(row));
      await pause();
    }
    const learningRate = baseRate * plateau.factor() * scheduleFactor(spec.schedule, step, totalSteps);
    const { microBatchTokens, seed } = spec;
    const taken = await takeGradients(model, optimizer, examples, { microBatchTokens, seed, step, learningRate, shouldStop });
    const { gradients, sampled, loss, accuracy, tokens, gradNorm } = taken;
    const point: EnginePoint = {
      step,
      totalSteps,
      epoch: batch.epochsDone,
      kind: "TRAIN",
      loss,
      learningRate,
      gradNorm,
      ...(accuracy !== undefined && { accuracy }),
      examples: examples.length,
      tokens,
      optimizerScalars: {},
    };
    const facts: StepFacts = {
      step,
      learningRate,
      loss,
      updates: step - firstStep - outcome.skippedSteps,
      movesGradient: optimizer.movesGradient,
      parameters,
    };
    try {
      if (Number.isFinite(loss) && Number.isFinite(gradNorm)) {
        const gradientScale = clippingFactor(gradNorm, spec.maxGradNorm);
        const update = optimizer.update(gradients, { learningRate, step: optimizer.updates + 1, gradientScale }, sampled);
        const { updateNorm, paramNorm } = update;
        // The rate at which plain gradient descent would have gone as far.
        const scalars = { ...update.scalars, effective_learning_rate: updateNorm / (gradNorm * gradientScale) };
        const optimizerScalars = Object.fromEntries(Object.entries(scalars).filter(([, value]) => Number.isFinite(value)));
        Object.assign(point, { updateNorm, paramNorm, optimizerScalars });
        outcome.finalLoss = loss;
        const broken = Number.isFinite(update.paramNorm) ? undefined : parameterFailure(facts);
        if (broken !== undefined) throw broken;
      } else {
        const found = Number.isFinite(loss) ? gradientFailure(facts, gradNorm, gradients) : lossFailure(facts);
        // Skipping steps does not mend parameters.
        if (spec.onNan === "FAIL" || found.code === "NAN_PARAMETER") throw found;
        outcome.skippedSteps += 1;
        // Nothing was trained: what would be saved is what was loaded.
        if (step === totalSteps && outcome.skippedSteps === totalSteps - firstStep + 1) throw found;
        observer.onLog("warn", "step skipped: the loss or the gradient is not finite", { step, loss, gradNorm, learningRate });
      }
    } finally {
      free(...gradients.values(), ...(sampled?.values() ?? []));
    }
    const stepSeconds = (performance.now() - stepStart) / 1000;
    outcome.tokens += tokens;
    observer.onStep({ ...point, stepSeconds, tokensPerSecond: tokens / stepSeconds });
    if (isEvaluationStep(step, spec, plan)) {
      const { intervals, ...metrics } = await optimizer.atEvaluationPoint(() =>
        evaluate(model, validation, spec.microBatchTokens, shouldStop),
      );
      // The last update is followed by no step that would notice.
      if (!Number.isFinite(metrics.loss) && spec.onNan === "FAIL")
        throw validationFailure({ ...facts, updates: step - firstStep + 1 - outcome.skippedSteps }, metrics.loss);
      observer.onEvaluation({
        step,
        totalSteps,
        epoch: batch.epochsDone,
        kind: "EVALUATION",
        ...metrics,
        examples: validation.length,
        optimizerScalars: {},
      });
      plateau.observe(metrics.loss);
      outcome.intervals = intervals;
      outcome.validationLoss = metrics.loss;
      if (metrics.accuracy !== undefined) outcome.validationAccuracy = metrics.accuracy;
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

const datasetField = "training_job.dataset";

/** What named the folder that training starts from. */
function sourceField({ firstStep = 1 }: TrainingPlan): string {
  return firstStep > 1 ? "training_job.resume_from" : "training_job.model";
}

/** A model of the hub is not known when the job is created. */
function checkFit({ maxLength, optimizer }: TrainingSpec, { config }: LoadedModel, { names, get }: Parameters): void {
  const field = "training_job.optimizer.groups";
  const described = names.map((name) => ({ name, shape: get(name).shape }));
  const groups = optimizer.groups ?? [];
  const faults = [...unmatchedGroupFaults(groups, names, field), ...frozenFaults(groups, described, field)];
  if (maxLength > config.maxPositions)
    faults.push({
      field: "training_job.max_length",
      reason: "OUT_OF_RANGE",
      description: `is ${maxLength}; the model has ${config.maxPositions} positions, so at most ${config.maxPositions} are allowed`,
    });
  if (faults.length > 0) throw new FaultError(faults);
}
