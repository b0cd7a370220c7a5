/** A caller's text in a message: at most 100 characters, escaped as JSON does, and so are the characters that terminals act on. */
export function quoteToken(text: string): string {
  const shown = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  return JSON.stringify(shown).replace(unseen, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

// Control characters that JSON leaves as they are, and those that change the direction of writing or are not seen.
const unseen = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
