import { microBatches } from "#core/training/microBatches.js";
import { type ShouldStop, turn } from "../cancellation.js";
import type { Model } from "../models/model.js";
import { predictLogits } from "../models/sequenceModel.js";
import { disposeBatch, packBatch } from "../models/packBatch.js";
import type { Encoding } from "../models/tokenizer.js";

/** Logits of one sequence. */
export interface SequenceLogits {
  /** Place in the list that was asked about. */
  index: number;
  logits: number[];
}

/**
 * Runs the model over sequences, longest first, in batches of at most `maxTokens` tokens; between batches the event loop turns.
 * @throws Cancelled
 * @returns yields one list for each batch; together they hold every sequence once
 */
export async function* batchedLogits(
  model: Model,
  encodings: readonly Encoding[],
  maxTokens: number,
  shouldStop: ShouldStop,
): AsyncGenerator<SequenceLogits[]> {
  const lengths = encodings.map(({ ids }) => ids.length);
  for (const members of microBatches(lengths, maxTokens)) {
    const batch = packBatch(
      members.map((member) => encodings[member] as Encoding),
      model.config,
    );
    const tensor = predictLogits(model, batch);
    const values = tensor.dataSync();
    const classes = tensor.shape[1] as number;
    tensor.dispose();
    disposeBatch(batch);
    yield members.map((index, row) => ({ index, logits: Array.from(values.slice(row * classes, (row + 1) * classes)) }));
    await turn(shouldStop);
  }
}
