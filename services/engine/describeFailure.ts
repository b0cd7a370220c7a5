import { FaultError } from "#core/fault.js";
import type { JobError } from "#core/jobs/trainingJob.js";
import { TrainingFailure } from "./training/trainingFailure.js";

/** Why a runner failed, as its caller may read it: without stacks and without paths of this machine. */
export interface RunnerFailure {
  error: Omit<JobError, "attempt">;
  /** For the service's log; undefined for what the caller can mend. */
  log: string | undefined;
}

/** Translates whatever a runner threw. */
export function describeFailure(error: unknown): RunnerFailure {
  if (error instanceof TrainingFailure) return { error: { code: error.code, message: error.message, step: error.step }, log: undefined };
  if (error instanceof FaultError) {
    const [first] = error.faults;
    return { error: { code: first?.reason ?? "INVALID", message: error.message, ...(first && { field: first.field }) }, log: undefined };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const known = knownFailures.find(({ pattern }) => pattern.test(text));
  return {
    error: known?.error ?? { code: "RUNNER_ERROR", message: "unexpected failure in the runner; the service log says more" },
    log: text,
  };
}

const knownFailures = [
  {
    pattern: /\bENOSPC\b|\bEDQUOT\b|no space left on device/i,
    error: { code: "DISK_FULL", message: "the disk of the server's data folder is full" },
  },
  {
    // As TensorFlow, C++ and V8 say it.
    pattern: /OOM when allocating|Resource ?Exhausted|bad_alloc|Array buffer allocation failed|\bENOMEM\b/i,
    error: { code: "OUT_OF_MEMORY", message: "the runner had not enough memory" },
  },
];
