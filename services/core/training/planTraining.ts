import type { TrainingPlan, TrainingSpec } from "../jobs/trainingJob.js";
import { trainedShapes } from "../models/adapter.js";
import { isDecoder, type ModelConfig } from "../models/modelConfig.js";
import { headShapes, type ModelHead } from "../models/modelParameters.js";
import { parameterCount } from "../models/parameterShapes.js";
import { withoutFrozen } from "../optimizers/parameterGroups.js";
import { resolveOptimizer } from "../optimizers/resolveOptimizer.js";
import { warmupSteps } from "../schedules/scheduleFactor.js";
import { stepsPerEpoch } from "./batchPlan.js";
import { optimizerMemory } from "./optimizerMemory.js";
import { peakMemory } from "./peakMemory.js";

/** What a plan is made from. */
export interface PlanInput {
  spec: TrainingSpec;
  trainRows: number;
  validationRows: number;
  /** Histogram of tokens in a row of the training split; empty when nobody counted. */
  tokenLengths: readonly { atMost: number; rows: number }[];
  head: ModelHead;
  /** The head's parameters not counted; `undefined` when it is not on this machine yet. */
  model?: { parameters: number; config: ModelConfig; created: readonly string[] } | undefined;
  /** Of a job that goes on from another; left out: 1. */
  firstStep?: number;
}

/**
 * What a job will take, before it runs. Steps are exact; tokens, memory and seconds are estimates: the engine works at
 * `sustainedFlops`, and a job that needs more memory than the estimate is not refused.
 */
export function planTraining({ spec, trainRows, validationRows, tokenLengths, head, model, firstStep = 1 }: PlanInput): TrainingPlan {
  const perEpoch = stepsPerEpoch(trainRows, spec.batchSize);
  const totalSteps = spec.maxSteps ?? Math.max(1, Math.ceil((spec.epochs ?? 1) * perEpoch));
  const { mean: rowTokens } = rowLengths(tokenLengths, spec.maxLength);
  const steps = totalSteps - firstStep + 1;
  const tokens = Math.round(steps * (trainRows / perEpoch) * rowTokens);
  const parameters = model === undefined ? 0 : model.parameters + parameterCount(headShapes(model.config, head));
  const trained =
    model === undefined ? [] : withoutFrozen(trainedShapes(model.config, head, spec.lora, model.created), spec.optimizer.groups);
  return {
    totalSteps,
    ...(firstStep > 1 && { firstStep }),
    stepsPerEpoch: perEpoch,
    warmupSteps: warmupSteps(spec.schedule, totalSteps),
    trainRows,
    validationRows,
    tokens,
    peakMemoryBytes:
      model === undefined
        ? 0
        : Math.round(
            peakMemory({
              ...{ spec, config: model.config, parameters, trained },
              optimizer: optimizerMemory(resolveOptimizer(spec.optimizer), trained),
              tokens: { step: largestStep(tokenLengths, spec), validation: validationRows * rowTokens },
            }),
          ),
    expectedSeconds:
      model === undefined ? 0 : expectedSeconds(spec, { steps, totalSteps, tokens }, validationRows * rowTokens, parameters, model.config),
    parameters,
  };
}

/** Tokens of a row: the mean, and the variance between rows. */
function rowLengths(lengths: PlanInput["tokenLengths"], maxLength: number): { mean: number; variance: number } {
  const rows = lengths.reduce((sum, bucket) => sum + bucket.rows, 0);
  if (rows === 0) return { mean: maxLength / 2, variance: 0 };
  let below = 0;
  let [sum, squares] = [0, 0];
  for (const { atMost, rows: count } of lengths) {
    const middle = Math.min(maxLength, (below + 1 + atMost) / 2);
    sum += count * middle;
    squares += count * middle ** 2;
    below = atMost;
  }
  const mean = sum / rows;
  return { mean, variance: Math.max(0, squares / rows - mean ** 2) };
}

/** Tokens of the largest among some hundred steps: a sum of independent rows, three deviations above its mean. */
function largestStep(lengths: PlanInput["tokenLengths"], { batchSize, maxLength }: TrainingSpec): number {
  const { mean, variance } = rowLengths(lengths, maxLength);
  return Math.min(batchSize * maxLength, batchSize * mean + 3 * Math.sqrt(batchSize * variance));
}

function expectedSeconds(
  spec: TrainingSpec,
  { steps, totalSteps, tokens }: { steps: number; totalSteps: number; tokens: number },
  validationTokens: number,
  parameters: number,
  config: ModelConfig,
): number {
  const positions = isDecoder(config) && config.rotary ? 0 : config.maxPositions;
  const dense = parameters - config.hiddenSize * (config.vocabSize + positions);
  const ofAllSteps =
    spec.evaluateEvery === 0 ? 1 : spec.evaluateEvery === undefined ? Math.ceil(spec.epochs ?? 1) : totalSteps / spec.evaluateEvery;
  const evaluations = Math.max(Math.min(1, ofAllSteps), (ofAllSteps * steps) / totalSteps);
  const flops = 6 * dense * tokens + 2 * dense * validationTokens * evaluations;
  const updateBytes = 28 * parameters * steps;
  return startSeconds + flops / sustainedFlops + updateBytes / sustainedBandwidth + steps * stepOverheadSeconds;
}

const startSeconds = 2;
/** Two cores with AVX-512, whole step. */
const sustainedFlops = 150e9;
const sustainedBandwidth = 10e9;
const stepOverheadSeconds = 0.03;
