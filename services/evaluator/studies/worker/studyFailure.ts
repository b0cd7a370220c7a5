/** What a study fails for at once: trying again would change nothing. */
export class StudyFailure extends Error {
  override readonly name = "StudyFailure";

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
