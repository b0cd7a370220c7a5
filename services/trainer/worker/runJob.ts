import { isTerminal } from "#core/jobs/stateMachine.js";
import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import { isHeld, isMine, newLease } from "#platform/lease.js";
import { meter } from "#platform/telemetry.js";
import { storePatienceMs, untilStored } from "#platform/untilStored.js";
import { attemptFolder } from "../attemptFolder.js";
import { publishState } from "../publishState.js";
import { type AttemptReport, beginReport } from "./attemptReport.js";
import { type Ending, executeAttempt } from "./executeAttempt.js";
import { holdJob } from "./holdJob.js";
import type { WorkerParts } from "./workerParts.js";

/** Attempts that may end without the job's own doing (a crash, a lost machine) before the job is given up. */
const maxFailures = 3;

const retryable = new Set(["RUNNER_CRASHED", "RUNNER_STALLED", "OUT_OF_MEMORY", "WORKER_ERROR"]);

/** True while somebody should work on the job and nobody does: its message may have been lost. */
export function waitsForWorker(job: TrainingJobRecord): boolean {
  return !isHeld(job) && (isClaimable(job) || job.state === "CANCELLING");
}

function isClaimable({ state }: TrainingJobRecord): boolean {
  return state === "QUEUED" || state === "VALIDATING" || state === "RUNNING";
}

/**
 * Claims one job, runs it in a child process and writes how it ended. Every write after the claim is fenced by the attempt: a supervisor
 * whose job was taken over changes nothing and removes only what its own attempt made.
 * @returns milliseconds after which the job should be looked at again, or undefined when it is done
 */
export async function runJob(
  parts: WorkerParts,
  tenant: string,
  id: string,
  uid: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const found = (await parts.jobs.get(tenant, id))?.record;
  if (!found || found.uid !== uid || isTerminal(found.state)) return undefined;
  if (found.state === "CANCELLING" && !isHeld(found)) {
    await end(parts, found, { state: "CANCELLED" });
    return undefined;
  }
  const claimed = await claim(parts, found);
  if (!claimed) return parts.leaseSeconds * 1000;
  const told = publishState(parts.stream, claimed);
  if (isTerminal(claimed.state)) {
    await parts.artifacts.remove(tenant, "jobs", uid);
    await told;
    return undefined;
  }

  const report = beginReport(parts, claimed);
  const held = holdJob(parts, claimed, report.progress);
  try {
    const ending = await executeAttempt(parts, claimed, { held, report, signal }).catch((error: unknown): Ending => {
      parts.logger.error({ err: error, job: id }, "the attempt could not be run");
      const message = error instanceof Error ? error.message : String(error);
      return held.lost.aborted ? { state: "LOST" } : { state: "FAILED", error: { code: "WORKER_ERROR", message } };
    });
    return await conclude(parts, claimed, ending, report);
  } finally {
    held.release();
  }
}

/** @returns as `runJob` */
async function conclude(
  parts: WorkerParts,
  claimed: TrainingJobRecord,
  ending: Ending,
  report: AttemptReport,
): Promise<number | undefined> {
  const failures = (claimed.failures ?? 0) + 1;
  if (ending.state === "FAILED" && retryable.has(ending.error.code) && failures < maxFailures) {
    parts.logger.warn({ job: claimed.id, attempt: claimed.attempt, error: ending.error }, "attempt failed, the job is queued again");
    await requeue(parts, claimed, failures);
    return 1000 * 2 ** failures;
  }
  if (ending.state === "LOST") {
    // Shutting down, or the lease is another's: whoever holds the job next goes on, and no retry is used up.
    await requeue(parts, claimed, claimed.failures ?? 0);
    return 0;
  }
  // A record that says that the job has ended promises that all its points are in the stream.
  await parts.stream.flush(storePatienceMs);
  await end(parts, claimed, ending, report);
  return undefined;
}

async function claim(parts: WorkerParts, job: TrainingJobRecord): Promise<TrainingJobRecord | undefined> {
  return await parts.jobs.change(job.tenant, job.id, (now) => {
    if (now.uid !== job.uid || isHeld(now) || !isClaimable(now)) return undefined;
    // A job that is not queued was left behind by a supervisor that died.
    const failures = (now.failures ?? 0) + (now.state === "QUEUED" ? 0 : 1);
    if (failures < maxFailures) return { ...now, state: "VALIDATING", attempt: now.attempt + 1, failures, lease: newLease(parts) };
    const { lease: _lease, ...rest } = now;
    const message = `${failures} attempts ended without a word from their worker`;
    const error = { code: "ATTEMPTS_EXHAUSTED", message, attempt: now.attempt };
    return { ...rest, state: "FAILED", failures, endTime: new Date().toISOString(), error };
  });
}

async function requeue(parts: WorkerParts, claimed: TrainingJobRecord, failures: number): Promise<void> {
  await parts.artifacts.remove(claimed.tenant, "jobs", claimed.uid, attemptFolder(claimed));
  const change = () =>
    parts.jobs.change(claimed.tenant, claimed.id, (now) => {
      if (!isMine(now, claimed) || isTerminal(now.state)) return undefined;
      const { lease: _lease, ...rest } = now;
      // A cancellation that came at the last moment is finished by whoever is given the job next.
      return { ...rest, state: now.state === "CANCELLING" ? "CANCELLING" : "QUEUED", failures };
    });
  const queued = await untilStored(change, parts.logger);
  if (queued?.state === "QUEUED") await publishState(parts.stream, queued);
}

async function end(
  parts: WorkerParts,
  claimed: TrainingJobRecord,
  ending: Exclude<Ending, { state: "LOST" }>,
  report?: AttemptReport,
): Promise<void> {
  const change = () =>
    parts.jobs.change(claimed.tenant, claimed.id, (now) => {
      if (!isMine(now, claimed) || isTerminal(now.state)) return undefined;
      const { lease: _lease, ...rest } = now;
      // A job that was finished before the cancellation reached it has succeeded no more than one that was not: the caller said stop.
      const state = now.state === "CANCELLING" ? "CANCELLED" : ending.state;
      return {
        ...rest,
        ...report?.progress(),
        state,
        endTime: new Date().toISOString(),
        ...(state === "FAILED" && ending.state === "FAILED" && { error: { ...ending.error, attempt: now.attempt } }),
        ...(state === "SUCCEEDED" && ending.state === "SUCCEEDED" && { result: ending.result }),
      };
    });
  const written = await untilStored(change, parts.logger);
  // A write whose answer was lost is found, not repeated.
  const now = written ?? (await untilStored(() => parts.jobs.get(claimed.tenant, claimed.id), parts.logger))?.record;
  await removeLeftovers(parts, claimed, now);
  if (!now || !isMine(now, claimed)) return;
  meter().createCounter("stepwire.training_jobs.ended").add(1, { state: now.state, optimizer: now.spec.optimizer.name });
  await publishState(parts.stream, now);
}

/** Only the checkpoint of the attempt that succeeded stays; what belongs to another supervisor's attempt is left to it. */
async function removeLeftovers(parts: WorkerParts, claimed: TrainingJobRecord, now: TrainingJobRecord | undefined): Promise<void> {
  const remove = (...folder: string[]) => parts.artifacts.remove(claimed.tenant, "jobs", claimed.uid, ...folder);
  if (!now || !isMine(now, claimed)) await remove(attemptFolder(claimed));
  else if (now.state !== "SUCCEEDED") await remove();
  else for (let attempt = 1; attempt < claimed.attempt; attempt++) await remove(attemptFolder({ attempt }));
}
