import type { DecoderConfig } from "#core/models/decoderConfig.js";
import { microBatches } from "#core/training/microBatches.js";
import { type ShouldStop, turn } from "../cancellation.js";
import { type PromptedSequence, tokenLosses } from "../models/causalModel.js";
import type { Model } from "../models/model.js";
import { disposeBatch, packBatch } from "../models/packBatch.js";

/** The losses of one sequence's completion. */
export interface SequenceLosses {
  /** Place in the list that was asked about. */
  index: number;
  /** -log of the probability of each token of the completion, in nats. */
  losses: Float32Array;
  /** Tokens that were the most probable. */
  correct: number;
}

/**
 * Runs a language model over sequences, longest first, in batches of at most `maxTokens` tokens; between batches the event loop turns.
 * @throws Cancelled
 * @returns yields one list for each batch; together they hold every sequence once
 */
export async function* batchedTokenLosses(
  model: Model<DecoderConfig>,
  sequences: readonly PromptedSequence[],
  maxTokens: number,
  shouldStop: ShouldStop,
): AsyncGenerator<SequenceLosses[]> {
  const lengths = sequences.map(({ ids }) => ids.length);
  for (const members of microBatches(lengths, maxTokens)) {
    const chosen = members.map((member) => sequences[member] as PromptedSequence);
    const batch = packBatch(
      chosen.map(({ ids }) => ({ ids: [...ids], types: ids.map(() => 0) })),
      model.config,
    );
    const found = tokenLosses(model, batch, chosen);
    disposeBatch(batch);
    yield found.map((losses, place) => ({ index: members[place] as number, ...losses }));
    await turn(shouldStop);
  }
}
