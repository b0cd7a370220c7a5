/** One labelled text (or pair of texts). */
export interface Example {
  text: string;
  /** The second sentence of a pair. */
  textPair?: string;
  /** Class id: an index into the data set's classes. */
  label: number;
}
