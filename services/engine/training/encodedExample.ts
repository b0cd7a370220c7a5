import type { Example } from "#core/datasets/example.js";
import type { ModelHead } from "#core/models/modelParameters.js";
import type { ModelFolder } from "../models/modelFolder.js";
import { type Encoding, loadCompletionTokenizer, loadTokenizer, type TextPlace, type TokenizerOptions } from "../models/tokenizer.js";

/** A row as the model reads it. */
export interface EncodedExample {
  encoding: Encoding;
  /** Class id or number. */
  label: number;
  /** Of a completion: place of its first token in the encoding, at least 1. */
  completion: number;
}

/** What an example predicts: one class or number, or as many tokens as its completion has. */
export function predictions({ encoding, completion }: EncodedExample, { task }: ModelHead): number {
  return task === "causal_lm" ? encoding.ids.length - completion : 1;
}

/** Turns rows into what the model reads. */
export interface EncodeExample {
  /** @throws FaultError as `Encode` and `EncodeCompletion` do */
  (example: Example, place: TextPlace): EncodedExample;
  /** Whether there may be rows that it refuses. */
  refuses: boolean;
}

/** What turns rows into what the model reads, for a task. @throws FaultError */
export async function exampleEncoder(
  source: ModelFolder | string,
  { task }: ModelHead,
  maxLength: number,
  options: TokenizerOptions,
): Promise<EncodeExample> {
  if (task === "causal_lm") {
    const encode = await loadCompletionTokenizer(source, maxLength, options);
    const ofRow = ({ text, textPair = "", label }: Example, place: TextPlace) => ({ ...encode(text, textPair, place), label });
    return Object.assign(ofRow, { refuses: encode.refuses });
  }
  const encode = await loadTokenizer(source, maxLength, options);
  const ofRow = ({ text, textPair, label }: Example, place: TextPlace) => ({
    encoding: encode(text, textPair, place),
    label,
    completion: 1,
  });
  return Object.assign(ofRow, { refuses: encode.refuses });
}
