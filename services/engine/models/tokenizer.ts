import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";

/** A text as the model reads it. */
export interface Encoding {
  /** Token ids, special tokens included. */
  ids: number[];
  /** 0 for the first text and its special tokens, 1 for the second. */
  types: number[];
}

/** Encodes a text, or a pair of texts, cut to the tokenizer's maximum length. */
export type Encode = (text: string, textPair?: string) => Encoding;

/**
 * Reads `tokenizer.json`. Truncation and padding that the file switches on are not used: a pair is cut from the longer text first, as
 * `transformers` does with `truncation="longest_first"`, and nothing is padded.
 * @param maxLength tokens, special ones included
 * @throws Error when the file is missing or is no tokenizer; RangeError when the special tokens alone are longer than `maxLength`
 */
export async function loadTokenizer(folder: string, maxLength: number): Promise<Encode> {
  const json = JSON.parse(await readFile(join(folder, "tokenizer.json"), "utf8")) as object;
  const config = await readFile(join(folder, "tokenizer_config.json"), "utf8").then(
    (text) => JSON.parse(text) as object,
    () => ({}),
  );
  const tokenizer = new Tokenizer(json, config);
  const vocabulary = tokenizer.get_vocab(true);
  const plain = (text: string) => tokenizer.tokenize(text, { add_special_tokens: false });
  const framed = (first: string[], second: string[] | null): { tokens: string[]; types: number[] } => {
    if (tokenizer.post_processor === null)
      return { tokens: [...first, ...(second ?? [])], types: [...first.map(() => 0), ...(second ?? []).map(() => 1)] };
    const { tokens, token_type_ids: types } = tokenizer.post_processor.post_process(first, second, true);
    return { tokens, types: types ?? tokens.map(() => 0) };
  };
  const specials = framed([], null).tokens.length;
  const pairSpecials = framed(["a"], ["a"]).tokens.length - 2;
  if (maxLength <= pairSpecials)
    throw new RangeError(`maxLength is ${maxLength}; the special tokens alone take ${pairSpecials}, and a text needs room`);

  return (text, textPair) => {
    const first = plain(text);
    const second = textPair === undefined ? null : plain(textPair);
    const [firstLength, secondLength] =
      second === null ? [maxLength - specials, 0] : longestFirst(first.length, second.length, maxLength - pairSpecials);
    const { tokens, types } = framed(first.slice(0, firstLength), second && second.slice(0, secondLength));
    return { ids: tokens.map((token) => idOf(vocabulary, token)), types };
  };
}

/**
 * How many tokens of each text of a pair are kept so that both fit into `room`: the longer one gives first; when both are longer than
 * half, the longer one gets the odd token.
 */
export function longestFirst(first: number, second: number, room: number): [number, number] {
  if (first + second <= room) return [first, second];
  const shorter = Math.min(first, second);
  const kept = Math.min(shorter, Math.floor(room / 2));
  return first <= second ? [kept, room - kept] : [room - kept, kept];
}

function idOf(vocabulary: ReadonlyMap<string, number>, token: string): number {
  const id = vocabulary.get(token);
  if (id === undefined) throw new Error(`the tokenizer made the token ${JSON.stringify(token)}, which its vocabulary does not hold`);
  return id;
}
