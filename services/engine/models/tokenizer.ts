import { Tokenizer } from "@huggingface/tokenizers";
import { type Fault, FaultError } from "#core/fault.js";
import { isDecoder, type ModelConfig } from "#core/models/modelConfig.js";
import { leastLength, type RowForm, type SpecialTokens, specialTokensOf } from "#core/models/specialTokens.js";
import { checkTokenizer, checkTokenizerConfig, type TokenizerLimits } from "#core/models/tokenizerFile.js";
import { quote } from "#core/quote.js";
import { openJson } from "./modelFiles.js";
import { missingFile, type ModelFolder, modelFolder } from "./modelFolder.js";

/** A text as the model reads it. */
export interface Encoding {
  /** Token ids, special tokens included. */
  ids: number[];
  /** 0 for the first text and its special tokens, 1 for the second. */
  types: number[];
}

/** Where a text is from: the field that faults are reported under, and what it is called in it, for example "row 3". */
export interface TextPlace {
  field: string;
  name?: string;
}

/** Encodes a text, or a pair of texts, cut to the tokenizer's maximum length; says whether something was cut off. */
export interface Encode {
  /** @throws FaultError with the reason NO_TOKEN when nothing of the text is left: a model has nothing to read then */
  (text: string, textPair?: string, place?: TextPlace): Encoding & { truncated: boolean };
  /** Whether there may be texts that it refuses: not where special tokens stand beside each text. */
  refuses: boolean;
}

/**
 * Reads `tokenizer.json`. Truncation and padding that the file switches on are not used: a pair is cut from the longer text first, as
 * `transformers` does with `truncation="longest_first"`, and nothing is padded.
 * @param source a path: a folder that this program made
 * @param maxLength tokens, special ones included
 * @throws FaultError when a file is missing or is no tokenizer that fits the model, or when the special tokens beside a text leave no room for
 *   it; where they do beside a pair it is `Encode` that throws
 */
export async function loadTokenizer(source: ModelFolder | string, maxLength: number, options: TokenizerOptions = {}): Promise<Encode> {
  const { plain, framed, idOf, specials } = await openTokenizer(source, options);
  const { config: model } = options;
  checkRoom(maxLength, specials, "text");

  const encode = (text: string, textPair?: string, place: TextPlace = { field: "text" }) => {
    const first = plain(text);
    const second = textPair === undefined ? null : plain(textPair);
    if (second !== null) checkRoom(maxLength, specials, "pair");
    const [firstLength, secondLength] =
      second === null ? [maxLength - specials.single, 0] : longestFirst(first.length, second.length, maxLength - specials.pair);
    const { tokens, types } = framed(first.slice(0, firstLength), second && second.slice(0, secondLength));
    const ids = tokens.map(idOf);
    if (ids.length === 0) throw new FaultError([noToken(place, [text, textPair])]);
    const truncated = firstLength < first.length || secondLength < (second?.length ?? 0);
    return { ids, types: model && segmentTypes(model) < 2 ? ids.map(() => 0) : types, truncated };
  };
  return Object.assign(encode, { refuses: specials.single === 0 || specials.pair === 0 });
}

/** A prompt and a completion as a language model reads them. */
export interface PromptedEncoding {
  encoding: Encoding;
  /** Place of the first token that is to be predicted, at least 1: nothing comes before the first. */
  completion: number;
}

/** Encodes a prompt and a completion. */
export interface EncodeCompletion {
  /** @throws FaultError with the reason NO_TOKEN when there is no token to predict, or nothing to predict it from */
  (prompt: string, completion: string, place?: TextPlace): PromptedEncoding;
  /** Whether there may be rows that it refuses: not where a special token stands before each prompt and another ends each completion. */
  refuses: boolean;
}

/**
 * Encodes a prompt, with the special tokens that the tokenizer puts before a text, and a completion with the model's end of text behind it.
 * What is too long is cut: of the prompt the beginning, of the completion, as far as it is longer than half, the end, and then it has no end of
 * text.
 * @param source as of `loadTokenizer`
 * @param maxLength tokens, special ones included
 */
export async function loadCompletionTokenizer(
  source: ModelFolder | string,
  maxLength: number,
  options: TokenizerOptions,
): Promise<EncodeCompletion> {
  const { plain, framed, idOf, specials } = await openTokenizer(source, options);
  const { config } = options;
  checkRoom(maxLength, specials, "completion");
  const end = config && isDecoder(config) ? config.endTokens[0] : undefined;
  const opening = framed(["a"], null).tokens.slice(0, specials.opening).map(idOf);
  const room = maxLength - opening.length;
  const encode = (prompt: string, completion: string, place: TextPlace = { field: "text" }) => {
    const first = plain(prompt).map(idOf);
    const second = [...plain(completion).map(idOf), ...(end === undefined ? [] : [end])];
    const [firstLength, secondLength] = longestFirst(first.length, second.length, room);
    const ids = [...opening, ...first.slice(first.length - firstLength), ...second.slice(0, secondLength)];
    const begin = Math.max(1, ids.length - secondLength);
    if (begin >= ids.length) throw new FaultError([ids.length === 1 ? nothingBefore(place, completion) : noToken(place, [completion])]);
    return { encoding: { ids, types: ids.map(() => 0) }, completion: begin };
  };
  return Object.assign(encode, { refuses: opening.length === 0 || end === undefined });
}

/** @throws FaultError when `maxLength` leaves no room for what is to be read */
function checkRoom(maxLength: number, specials: SpecialTokens, form: RowForm): void {
  const least = leastLength(specials, form);
  if (maxLength >= least) return;
  const description = `${maxLength} is out of range: ${specialTokensOf(specials, form)}; allowed: at least ${least}`;
  throw new FaultError([{ field: "training_job.max_length", reason: "OUT_OF_RANGE", description }]);
}

function noToken({ field, name }: TextPlace, texts: readonly (string | undefined)[]): Fault {
  const quoted = texts.flatMap((text) => (text === undefined ? [] : [quote(text)])).join(" with ");
  const description = `${called(name)}${quoted} becomes no token: the model's tokenizer drops all of it; allowed: text of which a token is left`;
  return { field, reason: "NO_TOKEN", description };
}

function nothingBefore({ field, name }: TextPlace, completion: string): Fault {
  const description = `${called(name)}${quote(completion)} has one token with nothing before it, so no token is predicted; allowed: a prompt, or a completion of two tokens or more`;
  return { field, reason: "NO_TOKEN", description };
}

function called(name: string | undefined): string {
  return name === undefined ? "" : `${name}, `;
}

/** The model whose tables the ids are looked up in, and the path that faults are reported under. */
export interface TokenizerOptions {
  config?: ModelConfig;
  field?: string;
}

/** The parts of a tokenizer: a text's own tokens, tokens framed by special ones, a token's id. */
interface OpenTokenizer {
  plain(text: string): string[];
  framed: Frame;
  idOf(token: string): number;
  specials: SpecialTokens;
}

type Frame = (first: string[], second: string[] | null) => { tokens: string[]; types: number[] };

async function openTokenizer(source: ModelFolder | string, { config: model, field = "model" }: TokenizerOptions): Promise<OpenTokenizer> {
  const folder = modelFolder(source);
  const file = await openJson(folder, "tokenizer.json", field);
  if (file === undefined) throw new FaultError([missingFile(folder, "tokenizer.json", field)]);
  const { json: config } = (await openJson(folder, "tokenizer_config.json", field)) ?? { json: {} };
  const { faults, specials } = inspectTokenizer(file.json, config, model, field);
  if (specials === undefined) throw new FaultError(faults);
  const tokenizer = new Tokenizer(complete(file.json as object), config);
  const vocabulary = tokenizer.get_vocab(true);
  const unknown = tokenizer.model?.unk_token_id;
  return {
    plain(text) {
      try {
        return tokenizer.tokenize(text, { add_special_tokens: false });
      } catch {
        // All that can fail in a tokenizer that was checked is a pattern, which is compiled for good when it is first used.
        throw new FaultError([{ field, reason: "UNSUPPORTED", description: "tokenizer.json: a pattern in it cannot be used on a text" }]);
      }
    },
    framed: frameOf(tokenizer),
    idOf: (token) => vocabulary.get(token) ?? unknown ?? noId(token),
    specials,
  };
}

/** What puts special tokens beside texts. */
function frameOf(tokenizer: Tokenizer): Frame {
  return (first, second) => {
    if (tokenizer.post_processor === null)
      return { tokens: [...first, ...(second ?? [])], types: [...first.map(() => 0), ...(second ?? []).map(() => 1)] };
    const { tokens, token_type_ids: types, tokens_pair: apart } = tokenizer.post_processor.post_process(first, second, true);
    // A post-processor that adds nothing leaves the second text beside the first.
    const all = [...tokens, ...(apart ?? [])];
    return { tokens: all, types: types ?? all.map((_, index) => Number(index >= tokens.length)) };
  };
}

function countSpecials(framed: Frame): SpecialTokens {
  // No special token of any file is called so, and a post-processor looks at no text.
  const text = "\0";
  const single = framed([text], null).tokens;
  return { single: single.length - 1, pair: framed([text], [text]).tokens.length - 2, opening: single.indexOf(text) };
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

/** How many kinds of segments the model tells apart; 0: it has no table of them. */
function segmentTypes(model: ModelConfig): number {
  return isDecoder(model) ? 0 : model.typeVocabSize;
}

function noId(token: string): never {
  throw new Error(`the tokenizer made the token ${JSON.stringify(token)}, which its vocabulary does not hold`);
}

/** Checks the two files of a tokenizer. @returns what it adds to texts when there is no fault, and all faults otherwise; nothing of a text is run */
export function inspectTokenizer(
  json: unknown,
  config: unknown,
  model: ModelConfig | undefined,
  field: string,
): { specials?: SpecialTokens; faults: Fault[] } {
  // Where the model has no second type all are 0, whatever the tokenizer says.
  const limits: TokenizerLimits = {
    vocabSize: model?.vocabSize ?? 2 ** 22,
    typeVocabSize: Math.max(2, model ? segmentTypes(model) : 2),
    // Of a model that is not known it cannot be said.
    framed: model !== undefined && !isDecoder(model),
  };
  const faults = [...checkTokenizer(json, limits, field), ...checkTokenizerConfig(config, field)];
  if (faults.length > 0) return { faults };
  try {
    // With an empty vocabulary all that the library does is compile the patterns.
    const model = { type: "WordPiece", vocab: {}, unk_token: "", continuing_subword_prefix: "" };
    return { specials: countSpecials(frameOf(new Tokenizer({ ...complete(json as object), added_tokens: [], model }, {}))), faults };
  } catch {
    const description = "tokenizer.json: a pattern in its normalizer or pre_tokenizer cannot be compiled";
    return { faults: [{ field, reason: "UNSUPPORTED", description }] };
  }
}

/** The format lets parts be left out, the library wants each; nobody decodes. */
function complete(json: object): object {
  const parts = { normalizer: null, pre_tokenizer: null, post_processor: null, ...json, decoder: null };
  return { ...parts, added_tokens: (json as { added_tokens?: unknown }).added_tokens ?? [] };
}
