/**
 * A caller's value as an error quotes it: escaped as JSON does, and so are the characters that terminals act on or that nobody sees; what
 * is longer than 80 characters is cut, and its full length told.
 */
export function quote(value: unknown): string {
  if (typeof value === "string") {
    const { shown, left } = cut(value);
    return left === 0 ? `"${escaped(shown)}"` : `"${escaped(shown)}…" (${countCharacters(value)} characters)`;
  }
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return typeof value === "object" && value !== null ? plain(json(value), "data") : String(value);
}

/** A caller's text inside a field's path or a sentence: cut and escaped as `quote` does, without the quotation marks. */
export function plain(text: string, kind: "text" | "data" = "text"): string {
  const { shown, left } = cut(text);
  // JSON that is quoted as data has its own quotation marks and escapes.
  const safe = kind === "data" ? shown.replace(unseen, code) : escaped(shown);
  return left === 0 ? safe : `${safe}…`;
}

/** How many characters (Unicode code points) a text has. */
export function countCharacters(text: string): number {
  let pairs = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(index + 1);
    if (next >= 0xdc00 && next <= 0xdfff) {
      pairs++;
      index++;
    }
  }
  return text.length - pairs;
}

const most = 80;

function cut(text: string): { shown: string; left: number } {
  if (text.length <= most) return { shown: text, left: 0 };
  const shown = Array.from(text.slice(0, 2 * most))
    .slice(0, most)
    .join("");
  return { shown, left: text.length - shown.length };
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1).replace(unseen, code);
}

// Controls that JSON leaves as they are (U+009B begins a terminal command), marks that reorder or hide text, line separators.
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

function code(character: string): string {
  return Array.from({ length: character.length }, (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`).join("");
}

/** Parsing takes any depth, writing does not. */
function json(value: object): string {
  try {
    return JSON.stringify(value, bigintAsText);
  } catch {
    return "a deeply nested value";
  }
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
