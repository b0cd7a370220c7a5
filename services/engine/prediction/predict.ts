import { isDecoder } from "#core/models/modelConfig.js";
import { paced, type ShouldStop } from "../cancellation.js";
import { loadModel } from "../models/loadModel.js";
import { modelFolder } from "../models/modelFolder.js";
import type { PromptedSequence } from "../models/causalModel.js";
import { collectTextFaults } from "../models/textFaults.js";
import { loadCompletionTokenizer, loadTokenizer, type TextPlace } from "../models/tokenizer.js";
import { batchedTokenLosses, type SequenceLosses } from "./batchedTokenLosses.js";
import { batchedLogits, type SequenceLogits } from "./batchedLogits.js";

/** What to predict with, and on. */
export interface PredictInput {
  /** A folder that training saved. */
  checkpointFolder: string;
  examples: readonly { text: string; textPair?: string }[];
  /** Where an example is from, for what is wrong with it. */
  placeOf?: (index: number) => TextPlace;
  /** Tokens of an example, special ones included; longer texts are cut. */
  maxLength: number;
  /** Tokens that are computed at once; default 4096. */
  maxTokensPerBatch?: number;
  /** Asked between parts of the model, texts and batches. */
  shouldStop?: ShouldStop;
}

/** A fine-tuned model that stays in memory. */
export interface Predictor {
  /**
   * Batches come in order of length; `index` says whose answer each is.
   * @throws FaultError with every text of which no token is left
   */
  predict(examples: PredictInput["examples"], onBatch: (batch: (SequenceLogits & SequenceFacts)[]) => void): Promise<void>;
  dispose(): void;
}

/** What became of an example on its way to the model. */
export interface SequenceFacts {
  /** Special ones included. */
  tokens: number;
  truncated: boolean;
}

/**
 * Loads a fine-tuned model.
 * @throws FaultError when the folder is no fine-tuned model; Cancelled
 */
export async function openPredictor(input: Omit<PredictInput, "examples">): Promise<Predictor> {
  const { checkpointFolder, maxLength, maxTokensPerBatch = 4096, placeOf = exampleOfSplit, shouldStop = () => false } = input;
  const folder = modelFolder(checkpointFolder, "the checkpoint");
  const field = "evaluation.training_job";
  const model = await loadModel(folder, undefined, { seed: 0, field, shouldStop });
  const dispose = () => model.parameters.dispose();
  try {
    const encode = await loadTokenizer(folder, Math.min(maxLength, model.config.maxPositions), { config: model.config, field });
    const predict: Predictor["predict"] = async (examples, onBatch) => {
      const encodings: ReturnType<typeof encode>[] = [];
      const pause = paced(shouldStop);
      const texts = collectTextFaults();
      for (const [index, { text, textPair }] of examples.entries()) {
        const encoding = texts.encode(() => encode(text, textPair, placeOf(index)));
        if (encoding) encodings.push(encoding);
        await pause();
      }
      texts.refuse();
      for await (const batch of batchedLogits(model, encodings, maxTokensPerBatch, shouldStop))
        onBatch(
          batch.map((each) => {
            const { ids, truncated } = encodings[each.index] as (typeof encodings)[number];
            return { ...each, tokens: ids.length, truncated };
          }),
        );
    };
    return { predict, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/**
 * Runs a fine-tuned model over examples.
 * @throws FaultError when the folder is no fine-tuned model; Cancelled
 */
export async function predict({ examples, ...input }: PredictInput, onBatch: (batch: SequenceLogits[]) => void): Promise<void> {
  const predictor = await openPredictor(input);
  try {
    await predictor.predict(examples, onBatch);
  } finally {
    predictor.dispose();
  }
}

/**
 * Runs a fine-tuned language model over prompts and completions. Batches come in order of length; `index` says whose answer each is.
 * @param input.examples each with a prompt for its text and a completion for its pair
 * @throws FaultError when the folder is no language model; Cancelled
 */
export async function predictCompletions(input: PredictInput, onBatch: (batch: SequenceLosses[]) => void): Promise<void> {
  const { checkpointFolder, examples, maxLength, maxTokensPerBatch = 4096, placeOf = exampleOfSplit, shouldStop = () => false } = input;
  const folder = modelFolder(checkpointFolder, "the checkpoint");
  const field = "evaluation.training_job";
  const { config, ...model } = await loadModel(folder, { task: "causal_lm" }, { seed: 0, field, shouldStop });
  try {
    if (!isDecoder(config)) throw new Error(`a decoder is needed, not a ${config.family}`);
    const encode = await loadCompletionTokenizer(folder, Math.min(maxLength, config.maxPositions), { config, field });
    const sequences: PromptedSequence[] = [];
    const pause = paced(shouldStop);
    const texts = collectTextFaults();
    for (const [index, { text, textPair = "" }] of examples.entries()) {
      const encoded = texts.encode(() => encode(text, textPair, placeOf(index)));
      if (encoded) sequences.push({ ids: encoded.encoding.ids, completion: encoded.completion });
      await pause();
    }
    texts.refuse();
    for await (const batch of batchedTokenLosses({ ...model, config }, sequences, maxTokensPerBatch, shouldStop)) onBatch(batch);
  } finally {
    model.parameters.dispose();
  }
}

function exampleOfSplit(index: number): TextPlace {
  return { field: "evaluation.split", name: `row ${index + 1}` };
}
