import type { Fault } from "../fault.js";
import { checkPostProcessor } from "./postProcessor.js";
import { describeValue } from "./describeValue.js";
import { checkVocabulary } from "./tokenizerVocabulary.js";
import { checkNormalizer, checkPreTokenizer, isObject, type RefusePart } from "./tokenizerParts.js";

/** Faults of one file that are told one by one. */
const maxFaults = 20;

/** What the model can look up. Left out: as much as any model could. */
export interface TokenizerLimits {
  /** Rows of the token embedding: ids are below it. */
  vocabSize: number;
  /** Rows of the token type embedding. */
  typeVocabSize: number;
  /** Whether a text has to begin with a special token, whose output an encoder's classifier reads. */
  framed: boolean;
}

/**
 * Checks everything of a Hugging Face `tokenizer.json` that encoding a text with it reads, so that encoding cannot fail, or look up what the
 * model does not have. Truncation, padding and the decoder are not read. Patterns are not run: a hostile one takes forever.
 * @param json the parsed file
 * @param field the path that faults are reported under
 */
export function checkTokenizer(json: unknown, limits: TokenizerLimits, field: string): Fault[] {
  const faults: Fault[] = [];
  const refuse: RefusePart = (path, problem, reason) => {
    const description = `tokenizer.json: ${path}${path === "" ? "" : " "}${problem}`;
    if (faults.length < maxFaults) faults.push({ field, reason: reason ?? "INVALID", description });
  };
  if (!isObject(json)) {
    refuse("", "is not a JSON object");
    return faults;
  }
  const ids = checkVocabulary(json.model, json.added_tokens, limits.vocabSize, refuse);
  checkNormalizer(json.normalizer, refuse);
  checkPreTokenizer(json.pre_tokenizer, refuse);
  // What a broken vocabulary holds cannot be said.
  const context = { idOf: (token: string) => ids?.get(token), types: limits.typeVocabSize, framed: limits.framed };
  if (ids !== undefined) checkPostProcessor(json.post_processor, context, refuse);
  return faults;
}

/** Checks what encoding reads of `tokenizer_config.json`. */
export function checkTokenizerConfig(json: unknown, field: string): Fault[] {
  const refuse = (description: string): Fault => ({ field, reason: "INVALID", description: `tokenizer_config.json: ${description}` });
  if (!isObject(json)) return [refuse("is not a JSON object")];
  const faults: Fault[] = [];
  for (const name of ["remove_space", "clean_up_tokenization_spaces", "do_lowercase_and_remove_accent"])
    if (json[name] !== undefined && json[name] !== null && typeof json[name] !== "boolean")
      faults.push(refuse(`${name} is ${describeValue(json[name])}; allowed: true or false`));
  const { additional_special_tokens: additional } = json;
  if (additional !== undefined && additional !== null && !Array.isArray(additional))
    faults.push(refuse(`additional_special_tokens is ${describeValue(additional)}; allowed: a list`));
  return faults;
}
