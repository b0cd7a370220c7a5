/** A training run that cannot go on, for a reason that trying again does not change. */
export class TrainingFailure extends Error {
  override readonly name = "TrainingFailure";
  /** UPPER_SNAKE, for example NAN_LOSS. */
  readonly code: string;
  /** The job's field to change, when there is one. */
  readonly field: string | undefined;
  readonly step: number | undefined;

  constructor(failure: { code: string; message: string; field?: string; step?: number }) {
    super(failure.message);
    this.code = failure.code;
    this.field = failure.field;
    this.step = failure.step;
  }
}
