import { shuffledIndices } from "../random.js";

/** Which examples a step sees. */
export interface StepBatch {
  /** From 1. */
  step: number;
  /** Whole epochs before this one, from 0. */
  epoch: number;
  /** Epochs done when the step is. */
  epochsDone: number;
  /** Indices into the training rows. */
  rows: Uint32Array;
}

/** Steps in one pass over the rows; the last may be smaller than the batch, as with PyTorch's `drop_last=False`. */
export function stepsPerEpoch(rows: number, batchSize: number): number {
  return Math.ceil(rows / batchSize);
}

/**
 * Says for any step which rows it trains on, without having counted through the steps before: each epoch's order is a shuffle keyed by
 * seed and epoch.
 * @param rows how many training rows there are, from 1
 */
export function batchPlan(options: { rows: number; batchSize: number; seed: number }): (step: number) => StepBatch {
  const { rows, batchSize, seed } = options;
  const perEpoch = stepsPerEpoch(rows, batchSize);
  let order: { epoch: number; indices: Uint32Array } | undefined;
  return (step) => {
    const epoch = Math.floor((step - 1) / perEpoch);
    if (order?.epoch !== epoch) order = { epoch, indices: shuffledIndices(rows, seed, `shuffle/epoch ${epoch}`) };
    const place = (step - 1) % perEpoch;
    const chosen = order.indices.slice(place * batchSize, (place + 1) * batchSize);
    return { step, epoch, epochsDone: epoch + Math.min(rows, (place + 1) * batchSize) / rows, rows: chosen };
  };
}
