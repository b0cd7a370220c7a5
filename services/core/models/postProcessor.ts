import { describeValue } from "./describeValue.js";
import { isObject, type RefusePart } from "./tokenizerParts.js";

/** What a post-processor's tokens are checked against. */
export interface PostProcessorContext {
  /** The id of a token, or undefined when the vocabulary does not hold it. */
  idOf(token: string): number | undefined;
  /** Rows of the model's token type embedding. */
  types: number;
  /** Whether it has to frame texts. */
  framed: boolean;
}

const path = "post_processor";
const allowedTypes = "TemplateProcessing, BertProcessing, RobertaProcessing, or a Sequence with one of these";

/**
 * Checks `post_processor`: if it frames a text, and a pair, it is with special tokens that the vocabulary holds. An encoder's classifier reads
 * the output of the first token, so a tokenizer that puts no special token there is for something else.
 */
export function checkPostProcessor(value: unknown, context: PostProcessorContext, refuse: RefusePart): void {
  const framing = framingOf(value);
  if (framing === "several") return refuse(path, "frames a text more than once; allowed: once");
  if (framing === undefined) {
    if (!context.framed && isPlain(value)) return;
    const type = isObject(value) ? describeValue(value.type) : describeValue(value);
    return refuse(path, `is ${type}, which puts no special token such as [CLS] first; allowed: ${allowedTypes}`, "UNSUPPORTED");
  }
  if (framing.type === "TemplateProcessing") {
    checkTemplate(framing.single, "single", ["A"], framing.special_tokens, context, refuse);
    checkTemplate(framing.pair, "pair", ["A", "B"], framing.special_tokens, context, refuse);
    return;
  }
  for (const key of ["cls", "sep"] as const) {
    const token: unknown = Array.isArray(framing[key]) ? framing[key][0] : undefined;
    if (typeof token !== "string") refuse(`${path}.${key}`, `is ${describeValue(framing[key])}; allowed: [token, id]`);
    else checkToken(token, `${path}.${key}`, framing[key], context, refuse);
  }
  if (context.types < 2) refuse(path, `marks the second text of a pair with type 1; config.json has type_vocab_size ${context.types}`);
}

/** The one part that adds special tokens. */
function framingOf(value: unknown): Record<string, unknown> | "several" | undefined {
  if (!isObject(value)) return undefined;
  const parts = value.type === "Sequence" && Array.isArray(value.processors) ? value.processors : [value];
  const framings = parts.filter(isObject).filter(({ type }) => /^(Template|Bert|Roberta)Processing$/.test(String(type)));
  const rest = parts.filter((part) => isObject(part) && part.type === "ByteLevel");
  if (framings.length > 1) return "several";
  return framings.length + rest.length === parts.length ? framings[0] : undefined;
}

/** Whether a post-processor leaves the tokens of a text as they are. */
function isPlain(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  const parts = isObject(value) && value.type === "Sequence" && Array.isArray(value.processors) ? value.processors : [value];
  return parts.every((part) => isObject(part) && part.type === "ByteLevel");
}

function checkTemplate(
  template: unknown,
  name: "single" | "pair",
  texts: readonly string[],
  specialTokens: unknown,
  context: PostProcessorContext,
  refuse: RefusePart,
): void {
  const at = `${path}.${name}`;
  if (!Array.isArray(template) || template.length > 64)
    return refuse(at, `is ${describeValue(template)}; allowed: a list of up to 64 items`);
  const seen: string[] = [];
  for (const [index, item] of template.entries()) {
    const place = `${at}[${index}]`;
    const { SpecialToken: special, Sequence: sequence } = (isObject(item) ? item : {}) as { SpecialToken?: unknown; Sequence?: unknown };
    const part = special ?? sequence;
    if (!isObject(part) || typeof part.id !== "string" || (special !== undefined && sequence !== undefined)) {
      refuse(place, `is ${describeValue(item)}; allowed: {"SpecialToken": {id, type_id}} or {"Sequence": {id, type_id}}`);
      continue;
    }
    const { type_id: type } = part;
    if (!Number.isSafeInteger(type) || (type as number) < 0 || (type as number) >= context.types)
      refuse(
        `${place}.type_id`,
        `is ${describeValue(type)}; allowed: a whole number from 0, below type_vocab_size ${context.types} of config.json`,
      );
    if (special === undefined) seen.push(part.id);
    else {
      const known =
        isObject(specialTokens) && isObject(specialTokens[part.id]) ? (specialTokens[part.id] as { ids?: unknown }).ids : undefined;
      checkToken(part.id, place, known === undefined ? undefined : [part.id, ...(Array.isArray(known) ? known : [known])], context, refuse);
    }
  }
  if (seen.toSorted().join() !== texts.join())
    refuse(at, `takes in the texts ${describeValue(seen)}; allowed: each of ${describeValue(texts)} once`);
  if (context.framed && isObject(template[0]) && "Sequence" in template[0])
    refuse(`${at}[0]`, "is a text; a special token such as [CLS] has to be first: a BERT classifier reads its output");
}

/** @param declared the token with the id that the post-processor itself gives it, when it does */
function checkToken(token: string, at: string, declared: unknown, context: PostProcessorContext, refuse: RefusePart): void {
  const id = context.idOf(token);
  if (id === undefined) return refuse(at, `adds the token ${describeValue(token)}, which the vocabulary does not hold`);
  if (Array.isArray(declared) && (declared.length !== 2 || declared[1] !== id))
    refuse(at, `gives the token ${describeValue(token)} the ids ${describeValue(declared.slice(1))}; the vocabulary gives it ${id}`);
}
