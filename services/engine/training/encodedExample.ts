import type { Example } from "#core/datasets/example.js";
import type { ModelHead } from "#core/models/modelParameters.js";
import type { ModelFolder } from "../models/modelFolder.js";
import { type Encoding, loadCompletionTokenizer, loadTokenizer, type TokenizerOptions } from "../models/tokenizer.js";

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

/** What turns rows into what the model reads, for a task. @throws FaultError */
export async function exampleEncoder(
  source: ModelFolder | string,
  { task }: ModelHead,
  maxLength: number,
  options: TokenizerOptions,
): Promise<(example: Example) => EncodedExample> {
  if (task === "causal_lm") {
    const encode = await loadCompletionTokenizer(source, maxLength, options);
    return ({ text, textPair = "", label }) => ({ ...encode(text, textPair), label });
  }
  const encode = await loadTokenizer(source, maxLength, options);
  return ({ text, textPair, label }) => ({ encoding: encode(text, textPair), label, completion: 1 });
}
