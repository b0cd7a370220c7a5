/** A training run that cannot go on, for a reason that trying again does not change. */
export class TrainingFailure extends Error {
  override readonly name = "TrainingFailure";
  /** UPPER_SNAKE, for example NAN_LOSS. */
  readonly code: string;
  readonly step: number;

  constructor(failure: { code: string; message: string; step: number }) {
    super(failure.message);
    this.code = failure.code;
    this.step = failure.step;
  }
}
