/** One row of a data set, of whatever kind (`datasetKind`). */
export interface Example {
  /** Of completions the prompt. */
  text: string;
  /** The second sentence of a pair; of completions the completion. */
  textPair?: string;
  /** Class id, an index into the data set's classes; of numbers the number; of completions 0. */
  label: number;
}
