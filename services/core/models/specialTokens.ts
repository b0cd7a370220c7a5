/** How many tokens a tokenizer adds to what a model reads. */
export interface SpecialTokens {
  /** Around a text. */
  single: number;
  /** Around and between a pair of texts. */
  pair: number;
  /** Before a text. */
  opening: number;
}

/** What a row of a data set is to a tokenizer. */
export type RowForm = "text" | "pair" | "completion";

/** The least `max_length`: the special tokens, and one of the text itself; of a completion one to read and one to predict. */
export function leastLength({ single, pair, opening }: SpecialTokens, form: RowForm): number {
  if (form === "completion") return opening + 2;
  return (form === "pair" ? pair : single) + 1;
}

/** The special tokens that `leastLength` counts, in words. */
export function specialTokensOf({ single, pair, opening }: SpecialTokens, form: RowForm): string {
  const [count, place] = { text: [single, "beside a text"], pair: [pair, "beside a pair"], completion: [opening, "before a text"] }[form];
  return `the tokenizer puts ${count} special token${count === 1 ? "" : "s"} ${place}`;
}
