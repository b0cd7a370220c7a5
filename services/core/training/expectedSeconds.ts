import type { TrainingSpec } from "../jobs/trainingJob.js";
import { firstTrained } from "../models/firstTrained.js";
import { isDecoder, type ModelConfig } from "../models/modelConfig.js";
import type { OptimizerMemory } from "./optimizerMemory.js";

/** What the time of a job depends on. */
export interface TimeInput {
  spec: Pick<TrainingSpec, "task" | "precision" | "epochs" | "evaluateEvery" | "recomputeActivations">;
  config: ModelConfig;
  /** Numbers of the model with its head, an adapter's not counted. */
  parameters: number;
  /** Those that training moves. */
  trained: readonly { name: string; shape: readonly number[] }[];
  optimizer: Pick<OptimizerMemory, "besideGradient">;
  /** Those that this job takes, and those of its whole plan. */
  steps: { taken: number; planned: number };
  /** Of all steps that are taken, and of all validation rows. */
  tokens: { train: number; validation: number };
}

/**
 * Seconds that a job takes on two cores, an estimate: products at the rates below, the optimizer's update at the memory's, and what each step
 * takes besides. What an optimizer does with whole matrices is not counted.
 */
export function expectedSeconds({ spec, config, parameters, trained, optimizer, steps, tokens }: TimeInput): number {
  const size = (shape: readonly number[]) => shape.reduce((product, axis) => product * axis, 1);
  const table = config.hiddenSize * config.vocabSize;
  const positions = isDecoder(config) && config.rotary ? 0 : config.maxPositions;
  // A table is looked up, and multiplied with where it is the head too.
  const isHead = spec.task === "causal_lm" && isDecoder(config) && config.tied;
  const dense = parameters - config.hiddenSize * positions - (isHead ? 0 : table);
  const moved = trained.reduce((sum, { shape }) => sum + size(shape), 0);
  const first = firstTrained(
    config,
    trained.map(({ name }) => name),
  );
  const reached = (config.layers - Math.max(0, first)) / config.layers;
  // Forward, gradients of inputs down to the first trained layer, gradients of weights; once more forward where nothing is kept.
  const pass = 2 * dense * (1 + reached + (spec.recomputeActivations ? reached : 0)) + 2 * Math.min(dense, moved);
  const passes = optimizer.besideGradient > 0 ? 2 : 1;
  const ofPlan =
    spec.evaluateEvery === 0 ? 1 : spec.evaluateEvery === undefined ? Math.ceil(spec.epochs ?? 1) : steps.planned / spec.evaluateEvery;
  const evaluations = Math.max(Math.min(1, ofPlan), (ofPlan * steps.taken) / steps.planned);
  const flops = pass * passes * tokens.train + 2 * dense * tokens.validation * evaluations;
  return (
    startSeconds +
    flops / sustainedFlops[spec.precision ?? "float32"] +
    (updateBytes * moved * steps.taken) / sustainedBandwidth +
    stepOverheadSeconds * steps.taken
  );
}

const startSeconds = 2;
/** Of a whole step, on two cores with AVX-512 (docs/performance.md); those of bfloat16 where the processor multiplies it. */
const sustainedFlops = { float32: 150e9, bfloat16: 240e9 };
/** What an update reads and writes for each number that it moves, as AdamW does: parameter, gradient and two states. */
const updateBytes = 28;
const sustainedBandwidth = 30e9;
const stepOverheadSeconds = 0.01;
