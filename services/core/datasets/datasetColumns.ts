/** Which column holds what, as a caller chose them; what a kind of data set does not have is left out. */
export interface DatasetColumns {
  text?: string;
  /** The second sentence of a pair. */
  textPair?: string;
  /** Class names. */
  label?: string;
  /** Numbers. */
  target?: string;
  /** What stands before a completion and is only read. */
  prompt?: string;
  /** Texts that a language model learns to write. */
  completion?: string;
}

/** What the rows of a data set say: the class of a text, a number for it, or how a text goes on. */
export type DatasetKind = "classes" | "numbers" | "completions";

/** The kind that the choice of columns makes. */
export function datasetKind({ target, prompt, completion }: DatasetColumns): DatasetKind {
  if (completion !== undefined || prompt !== undefined) return "completions";
  return target === undefined ? "classes" : "numbers";
}

/** The task that a kind of data set is for. */
export const taskOf = { classes: "classification", numbers: "regression", completions: "causal_lm" } as const;
