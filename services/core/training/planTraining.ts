import type { TrainingPlan, TrainingSpec } from "../jobs/trainingJob.js";
import { trainedShapes } from "../models/adapter.js";
import type { ModelConfig } from "../models/modelConfig.js";
import { headShapes, type ModelHead } from "../models/modelParameters.js";
import { parameterCount } from "../models/parameterShapes.js";
import { withoutFrozen } from "../optimizers/parameterGroups.js";
import { resolveOptimizer } from "../optimizers/resolveOptimizer.js";
import { warmupSteps } from "../schedules/scheduleFactor.js";
import { stepsPerEpoch } from "./batchPlan.js";
import { expectedSeconds } from "./expectedSeconds.js";
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
 * What a job will take, before it runs. Steps are exact; tokens, memory and seconds are estimates: a job that needs more memory
 * than the estimate is not refused.
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
  const optimizer = model && optimizerMemory(resolveOptimizer(spec.optimizer), trained);
  return {
    totalSteps,
    ...(firstStep > 1 && { firstStep }),
    stepsPerEpoch: perEpoch,
    warmupSteps: warmupSteps(spec.schedule, totalSteps),
    trainRows,
    validationRows,
    tokens,
    peakMemoryBytes:
      model === undefined || optimizer === undefined
        ? 0
        : Math.round(
            peakMemory({
              ...{ spec, config: model.config, parameters, trained, optimizer },
              tokens: {
                step: largestStep(tokenLengths, spec),
                longestRow: longestRow(tokenLengths, spec.maxLength),
                validation: validationRows * rowTokens,
              },
            }),
          ),
    expectedSeconds:
      model === undefined || optimizer === undefined
        ? 0
        : expectedSeconds({
            ...{ spec, config: model.config, parameters, trained, optimizer },
            steps: { taken: steps, planned: totalSteps },
            tokens: { train: tokens, validation: validationRows * rowTokens },
          }),
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

/** Tokens of the longest row; where nobody counted, the most that are kept. */
function longestRow(lengths: PlanInput["tokenLengths"], maxLength: number): number {
  const longest = lengths.findLast(({ rows }) => rows > 0)?.atMost ?? maxLength;
  return Math.min(maxLength, longest);
}

/** Tokens of the largest among some hundred steps: a sum of independent rows, three deviations above its mean. */
function largestStep(lengths: PlanInput["tokenLengths"], { batchSize, maxLength }: TrainingSpec): number {
  const { mean, variance } = rowLengths(lengths, maxLength);
  return Math.min(batchSize * maxLength, batchSize * mean + 3 * Math.sqrt(batchSize * variance));
}
