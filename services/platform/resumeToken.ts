import { status } from "@grpc/grpc-js";
import { StatusError } from "./statusError.js";
import { quoteToken } from "./quoteToken.js";

/** Where a watch of a job stands. */
export interface WatchPosition {
  /** The last message that was read; 0: none. */
  sequence: number;
  /** The latest attempt that was seen to start: later points of earlier ones are void. */
  attempt: number;
}

/** `<sequence>.<attempt>.<uid>`: opaque to callers, and of no use for another job. Empty at the beginning. */
export function writeResumeToken({ sequence, attempt }: WatchPosition, uid: string): string {
  return sequence === 0 ? "" : `${sequence}.${attempt}.${uid}`;
}

/**
 * Reads a token that was given for the job of this uid; nothing stands for the beginning.
 * @throws StatusError INVALID_ARGUMENT about `resume_token`
 */
export function readResumeToken(token: string, uid: string): WatchPosition {
  if (token === "") return { sequence: 0, attempt: 0 };
  const [, sequence, attempt, owner] = /^([1-9]\d{0,15})\.(\d{1,9})\.([A-Za-z0-9_-]+)$/.exec(token) ?? [];
  if (owner === undefined) throw invalidResumeToken(token, "is not a resume token");
  if (owner !== uid) throw invalidResumeToken(token, "is a resume token of another job");
  return { sequence: Number(sequence), attempt: Number(attempt) };
}

/** What a caller is told about a token that cannot be used. */
export function invalidResumeToken(token: string, what: string): StatusError {
  const description = `${quoteToken(token)} ${what}; pass the resume_token of an earlier event of this job as it is, or nothing to begin at the start.`;
  return new StatusError(status.INVALID_ARGUMENT, "INVALID_RESUME_TOKEN", description, {
    violations: [{ field: "resume_token", reason: "INVALID_RESUME_TOKEN", description }],
  });
}
