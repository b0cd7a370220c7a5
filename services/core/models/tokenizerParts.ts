import { describeValue } from "./describeValue.js";

/** Says what is wrong with one part of `tokenizer.json`, by its path. */
export type RefusePart = (path: string, problem: string, reason?: "UNSUPPORTED") => void;

/** Parts of normalizer, pre-tokenizer and post-processor in all: real files have up to ten. */
const maxParts = 64;
/** Characters of a pattern: the longest in use have about 400. */
const maxPattern = 2000;

type Rule = (value: unknown) => string | undefined;
const optional =
  (rule: Rule): Rule =>
  (value) =>
    value === undefined || value === null ? undefined : rule(value);
const flag: Rule = optional((value) => (typeof value === "boolean" ? undefined : "true or false"));
const text: Rule = (value) =>
  typeof value === "string" && value.length <= maxPattern ? undefined : `text of at most ${maxPattern} characters`;
const oneOf =
  (...allowed: string[]): Rule =>
  (value) =>
    allowed.includes(value as string) ? undefined : allowed.map(describeValue).join(", ");
const pattern: Rule = (value) => {
  const { Regex: regex, String: string } = (isObject(value) ? value : {}) as { Regex?: unknown; String?: unknown };
  return text(regex ?? string) === undefined && (regex === undefined || string === undefined)
    ? undefined
    : `{"Regex": ...} or {"String": ...} with ${text(undefined)}`;
};
const length: Rule = (value) => (Number.isSafeInteger(value) && (value as number) >= 1 ? undefined : "a whole number from 1");

/** The fields that each type reads; a type of the format that is not here is not computed. */
const normalizers: Record<string, Record<string, Rule>> = {
  BertNormalizer: { clean_text: flag, handle_chinese_chars: flag, lowercase: flag, strip_accents: flag },
  Precompiled: {},
  Replace: { pattern, content: text },
  NFC: {},
  NFD: {},
  NFKC: {},
  NFKD: {},
  Strip: { strip_left: flag, strip_right: flag },
  StripAccents: {},
  Lowercase: {},
  Prepend: { prepend: text },
};
const preTokenizers: Record<string, Record<string, Rule>> = {
  BertPreTokenizer: {},
  Whitespace: {},
  WhitespaceSplit: {},
  Metaspace: { replacement: optional(text), str_rep: optional(text), prepend_scheme: optional(oneOf("always", "first", "never")) },
  ByteLevel: { add_prefix_space: flag, trim_offsets: flag, use_regex: flag },
  Split: { pattern, behavior: optional(text), invert: flag },
  Punctuation: {},
  Digits: { individual_digits: flag },
  FixedLength: { length },
};

/** Checks `normalizer`; `null`: none. */
export function checkNormalizer(value: unknown, refuse: RefusePart): void {
  checkPart(value, "normalizer", { types: normalizers, list: "normalizers" }, refuse, { left: maxParts });
}

/** Checks `pre_tokenizer`; `null`: none. */
export function checkPreTokenizer(value: unknown, refuse: RefusePart): void {
  checkPart(value, "pre_tokenizer", { types: preTokenizers, list: "pretokenizers" }, refuse, { left: maxParts });
}

function checkPart(
  value: unknown,
  path: string,
  kind: { types: Record<string, Record<string, Rule>>; list: string },
  refuse: RefusePart,
  budget: { left: number },
): void {
  if (value === undefined || value === null) return;
  if (!isObject(value)) return refuse(path, `is ${describeValue(value)}; allowed: an object or null`);
  if (budget.left-- <= 0) return refuse(path, `is one of too many parts; allowed: ${maxParts}`);
  const { type } = value;
  if (type === "Sequence") {
    const items = value[kind.list];
    if (!Array.isArray(items)) return refuse(`${path}.${kind.list}`, `is ${describeValue(items)}; allowed: a list`);
    for (const [index, item] of items.slice(0, maxParts + 1).entries())
      checkPart(item, `${path}.${kind.list}[${index}]`, kind, refuse, budget);
    return;
  }
  const fields = typeof type === "string" && Object.hasOwn(kind.types, type) ? kind.types[type] : undefined;
  if (fields === undefined)
    return refuse(
      `${path}.type`,
      `is ${describeValue(type)}; allowed: ${[...Object.keys(kind.types), "Sequence"].join(", ")}`,
      "UNSUPPORTED",
    );
  for (const [name, rule] of Object.entries(fields)) {
    const allowed = rule(value[name]);
    if (allowed !== undefined) refuse(`${path}.${name}`, `is ${describeValue(value[name])}; allowed: ${allowed}`);
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
