/** One thing wrong with an input: where, what, and what is allowed. Validators return lists of these so that a caller sees all at once. */
export interface Fault {
  /** Path of the field in the words of the API, for example `training_job.optimizer.hyperparameters.learning_rate`. */
  field: string;
  /** UPPER_SNAKE, for example OUT_OF_RANGE. */
  reason: string;
  /** A sentence that quotes the value and says what is allowed. */
  description: string;
}

/** An input that cannot be used, with everything that is wrong with it. */
export class FaultError extends Error {
  override readonly name = "FaultError";
  constructor(readonly faults: readonly Fault[]) {
    super(faults.map((fault) => `${fault.field}: ${fault.description}`).join("\n"));
  }
}
