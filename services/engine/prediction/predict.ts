import { loadModel } from "../models/loadModel.js";
import { loadTokenizer } from "../models/tokenizer.js";
import { batchedLogits, type SequenceLogits } from "./batchedLogits.js";

/** What to predict with, and on. */
export interface PredictInput {
  /** A folder that training saved. */
  checkpointFolder: string;
  examples: readonly { text: string; textPair?: string }[];
  /** Tokens of an example, special ones included; longer texts are cut. */
  maxLength: number;
  /** Tokens that are computed at once; default 4096. */
  maxTokensPerBatch?: number;
  /** Asked between batches. */
  shouldStop?: () => boolean;
}

/**
 * Runs a fine-tuned model over examples. Batches come in order of length; `index` says whose answer each is.
 * @throws FaultError when the folder is no fine-tuned model
 */
export async function predict(input: PredictInput, onBatch: (batch: SequenceLogits[]) => void): Promise<void> {
  const { checkpointFolder, examples, maxLength, maxTokensPerBatch = 4096, shouldStop = () => false } = input;
  const model = await loadModel(checkpointFolder, undefined, { seed: 0, field: "evaluation.checkpoint" });
  try {
    const encode = await loadTokenizer(checkpointFolder, Math.min(maxLength, model.config.maxPositions));
    const encodings = examples.map(({ text, textPair }) => encode(text, textPair));
    for await (const batch of batchedLogits(model, encodings, maxTokensPerBatch)) {
      onBatch(batch);
      if (shouldStop()) return;
    }
  } finally {
    model.parameters.dispose();
  }
}
