import { describeValue } from "./describeValue.js";
import { isObject, type RefusePart } from "./tokenizerParts.js";

/** Characters of all added tokens, and of all pieces of a Unigram vocabulary: each may become a node of a tree. */
const maxAddedCharacters = 1_000_000;
const maxPieceCharacters = 8_000_000;
/** A word is cut in time that grows with the square of its length. */
const maxWordCharacters = 1000;

/**
 * Checks `model` and `added_tokens`.
 * @param vocabSize ids are below it
 * @returns the id of each token, or undefined when the vocabulary cannot be read
 */
export function checkVocabulary(model: unknown, added: unknown, vocabSize: number, refuse: RefusePart): Map<string, number> | undefined {
  if (!isObject(model)) {
    refuse("model", `is ${describeValue(model)}; allowed: an object`);
    return undefined;
  }
  const ids = readModel(model, vocabSize, refuse);
  if (ids === undefined) return undefined;
  addTokens(added, ids, vocabSize, refuse);
  const { type, unk_token: unknown } = model;
  if (
    type === "WordPiece"
      ? typeof unknown !== "string"
      : type === "BPE" && unknown !== undefined && unknown !== null && typeof unknown !== "string"
  )
    refuse("model.unk_token", `is ${describeValue(unknown)}; allowed: a token`);
  else if (typeof unknown === "string" && type !== "Unigram" && !ids.has(unknown))
    refuse("model.unk_token", `is ${describeValue(unknown)}, which the vocabulary does not hold`);
  return ids;
}

function readModel(model: Record<string, unknown>, vocabSize: number, refuse: RefusePart): Map<string, number> | undefined {
  switch (model.type) {
    case "WordPiece": {
      if (typeof model.continuing_subword_prefix !== "string")
        refuse("model.continuing_subword_prefix", `is ${describeValue(model.continuing_subword_prefix)}; allowed: text, such as "##"`);
      const longest = model.max_input_chars_per_word ?? 100;
      if (!Number.isSafeInteger(longest) || (longest as number) < 1 || (longest as number) > maxWordCharacters)
        refuse("model.max_input_chars_per_word", `is ${describeValue(longest)}; allowed: a whole number from 1 to ${maxWordCharacters}`);
      return readTable(model.vocab, vocabSize, refuse);
    }
    case "BPE": {
      const merges = readMerges(model, refuse);
      const ids = readTable(model.vocab, vocabSize, refuse);
      if (ids !== undefined) checkPieces(model, merges, ids, refuse);
      return ids;
    }
    case "Unigram":
      return readPieces(model, vocabSize, refuse);
    default:
      refuse("model.type", `is ${describeValue(model.type)}; allowed: WordPiece, BPE, Unigram`, "UNSUPPORTED");
      return undefined;
  }
}

function readTable(vocab: unknown, vocabSize: number, refuse: RefusePart): Map<string, number> | undefined {
  if (!isObject(vocab)) {
    refuse("model.vocab", `is ${describeValue(vocab)}; allowed: an object of tokens, each with its id`);
    return undefined;
  }
  const ids = new Map<string, number>();
  const owners = new Map<number, string>();
  for (const [token, id] of Object.entries(vocab)) {
    if (!isId(id, vocabSize)) return badId(`model.vocab: the token ${describeValue(token)}`, id, vocabSize, refuse);
    const owner = owners.get(id);
    if (owner !== undefined) {
      refuse("model.vocab:", `the tokens ${describeValue(owner)} and ${describeValue(token)} have the same id ${id}`);
      return undefined;
    }
    owners.set(id, token);
    ids.set(token, id);
  }
  return notEmpty(ids, refuse);
}

function readPieces(model: Record<string, unknown>, vocabSize: number, refuse: RefusePart): Map<string, number> | undefined {
  const { vocab, unk_id: unknown } = model;
  if (!Array.isArray(vocab)) {
    refuse("model.vocab", `is ${describeValue(vocab)}; allowed: a list of [token, score]`);
    return undefined;
  }
  if (vocab.length > vocabSize) return badId(`model.vocab: the last token`, vocab.length - 1, vocabSize, refuse);
  const ids = new Map<string, number>();
  let characters = 0;
  for (const [id, piece] of vocab.entries()) {
    const [token, score] = (Array.isArray(piece) ? piece : []) as unknown[];
    if (typeof token !== "string" || typeof score !== "number" || !Number.isFinite(score)) {
      refuse(`model.vocab[${id}]`, `is ${describeValue(piece)}; allowed: [token, score]`);
      return undefined;
    }
    characters += token.length;
    ids.set(token, id);
  }
  if (characters > maxPieceCharacters) refuse("model.vocab", `has ${characters} characters; allowed: up to ${maxPieceCharacters}`);
  if (!isId(unknown, vocab.length))
    refuse("model.unk_id", `is ${describeValue(unknown)}; allowed: a whole number from 0, below the ${vocab.length} tokens`);
  return notEmpty(ids, refuse);
}

function notEmpty(ids: Map<string, number>, refuse: RefusePart): Map<string, number> | undefined {
  if (ids.size > 0) return ids;
  refuse("model.vocab", "holds no token");
  return undefined;
}

/** @returns the merges that can be read, each with its parts */
function readMerges(model: Record<string, unknown>, refuse: RefusePart): [string, string][] {
  const { merges } = model;
  for (const name of ["byte_fallback", "ignore_merges", "fuse_unk"])
    if (model[name] !== undefined && model[name] !== null && typeof model[name] !== "boolean")
      refuse(`model.${name}`, `is ${describeValue(model[name])}; allowed: true or false`);
  for (const name of ["end_of_word_suffix", "continuing_subword_suffix"])
    if (model[name] !== undefined && model[name] !== null && typeof model[name] !== "string")
      refuse(`model.${name}`, `is ${describeValue(model[name])}; allowed: text or null`);
  for (const name of ["continuing_subword_prefix", "dropout"])
    if (model[name] !== undefined && model[name] !== null && model[name] !== "" && model[name] !== 0)
      refuse(`model.${name}`, `is ${describeValue(model[name])}; allowed: null`, "UNSUPPORTED");
  if (!Array.isArray(merges)) {
    refuse("model.merges", `is ${describeValue(merges)}; allowed: a list`);
    return [];
  }
  const pairs = Array.isArray(merges[0]);
  const fits = (merge: unknown): boolean =>
    pairs
      ? Array.isArray(merge) && merge.length === 2 && merge.every((part) => typeof part === "string")
      : typeof merge === "string" && merge.split(" ").length === 2;
  const broken = merges.findIndex((merge) => !fits(merge));
  if (broken >= 0) {
    refuse(
      `model.merges[${broken}]`,
      `is ${describeValue(merges[broken])}; allowed: ${pairs ? "[left, right]" : '"left right"'}, as the first is`,
    );
    return [];
  }
  return pairs ? (merges as [string, string][]) : (merges as string[]).map((merge) => merge.split(" ") as [string, string]);
}

/** What the vocabulary does not hold is dropped from a text without a word, where no token stands for what is unknown. */
function checkPieces(
  model: Record<string, unknown>,
  merges: readonly [string, string][],
  ids: ReadonlyMap<string, number>,
  refuse: RefusePart,
): void {
  // With this suffix the tokens are spelled otherwise than the parts.
  const spelled = typeof model.continuing_subword_suffix !== "string" || model.continuing_subword_suffix === "";
  const absent = (merge: [string, string]) => [...merge, merge.join("")].find((piece) => !ids.has(piece));
  const broken = spelled ? merges.findIndex((merge) => absent(merge) !== undefined) : -1;
  const merge = merges[broken];
  if (merge !== undefined) {
    const more = merges.filter((other) => absent(other) !== undefined).length - 1;
    const others = more === 0 ? "" : `; so it is with ${more} more`;
    refuse(
      `model.merges[${broken}]`,
      `is ${describeValue(merge)}, and the vocabulary does not hold ${describeValue(absent(merge))}${others}`,
    );
  }
  if (model.byte_fallback !== true || typeof model.unk_token === "string") return;
  const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
  const missing = bytes.filter((byte) => !ids.has(byte));
  if (missing.length > 0)
    refuse(
      "model.byte_fallback",
      `is true, and the vocabulary holds ${256 - missing.length} of the 256 tokens of bytes: ${describeValue(missing[0])} is missing; allowed: false, all of them, or an unk_token`,
    );
}

/** Added tokens join the vocabulary; one that is in it already must have the id that it has there. */
function addTokens(added: unknown, ids: Map<string, number>, vocabSize: number, refuse: RefusePart): void {
  if (added === undefined || added === null) return;
  if (!Array.isArray(added)) return refuse("added_tokens", `is ${describeValue(added)}; allowed: a list`);
  const owners = new Map<number, string>();
  let characters = 0;
  for (const [token, id] of ids) owners.set(id, token);
  for (const [index, item] of added.entries()) {
    const at = `added_tokens[${index}]`;
    const { content, id } = (isObject(item) ? item : {}) as { content?: unknown; id?: unknown };
    if (typeof content !== "string" || content === "") {
      refuse(at, `has the content ${describeValue(content)}; allowed: text`);
      continue;
    }
    for (const name of ["single_word", "lstrip", "rstrip", "normalized", "special"]) {
      const value = (item as Record<string, unknown>)[name];
      if (value !== undefined && value !== null && typeof value !== "boolean")
        refuse(`${at}.${name}`, `is ${describeValue(value)}; allowed: true or false`);
    }
    if (!isId(id, vocabSize)) {
      badId(`${at}: the token ${describeValue(content)}`, id, vocabSize, refuse);
      continue;
    }
    characters += content.length;
    const [known, owner] = [ids.get(content), owners.get(id)];
    if (known !== undefined && known !== id) refuse(at, `gives the token ${describeValue(content)} the id ${id}; it has ${known} already`);
    else if (owner !== undefined && owner !== content)
      refuse(at, `gives the token ${describeValue(content)} the id ${id}, which is that of ${describeValue(owner)}`);
    ids.set(content, id);
    owners.set(id, content);
  }
  if (characters > maxAddedCharacters) refuse("added_tokens", `have ${characters} characters; allowed: up to ${maxAddedCharacters}`);
}

function isId(value: unknown, below: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < below;
}

function badId(what: string, id: unknown, vocabSize: number, refuse: RefusePart): undefined {
  refuse(what, `has the id ${describeValue(id)}; allowed: a whole number from 0, below vocab_size ${vocabSize} of config.json`);
  return undefined;
}
