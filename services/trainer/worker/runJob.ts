import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import { isTerminal } from "#core/jobs/stateMachine.js";
import { isHeld, isMine, newLease } from "#platform/lease.js";
import { meter } from "#platform/telemetry.js";
import { untilStored } from "#platform/untilStored.js";
import { publishState } from "../publishState.js";
import { attemptFolder, type Ending, executeAttempt, type WorkerParts } from "./executeAttempt.js";

/** Attempts that may end without the job's own doing (a crash, a lost machine) before the job is given up. */
const maxFailures = 3;

const retryable = new Set(["RUNNER_CRASHED", "OUT_OF_MEMORY"]);

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
  await publishState(parts.stream, claimed);
  if (isTerminal(claimed.state)) return undefined;

  const ending = await executeAttempt(parts, claimed, signal);
  const failures = (claimed.failures ?? 0) + 1;
  if (ending.state === "FAILED" && retryable.has(ending.error.code) && failures < maxFailures) {
    parts.logger.warn({ job: id, attempt: claimed.attempt, error: ending.error }, "attempt failed, the job is queued again");
    await requeue(parts, claimed, failures);
    return 1000 * 2 ** failures;
  }
  if (ending.state === "LOST") {
    // Shutting down, or the lease is another's: whoever holds the job next goes on, and no retry is used up.
    await requeue(parts, claimed, claimed.failures ?? 0);
    return 0;
  }
  await end(parts, claimed, ending);
  return undefined;
}

async function claim(parts: WorkerParts, job: TrainingJobRecord): Promise<TrainingJobRecord | undefined> {
  return await parts.jobs.change(job.tenant, job.id, (now) => {
    if (now.uid !== job.uid || isHeld(now) || !(now.state === "QUEUED" || now.state === "VALIDATING" || now.state === "RUNNING"))
      return undefined;
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
      if (!isMine(now, claimed) || (now.state !== "RUNNING" && now.state !== "VALIDATING")) return undefined;
      const { lease: _lease, ...rest } = now;
      return { ...rest, state: "QUEUED", failures };
    });
  const queued = await untilStored(change, parts.logger);
  if (queued) await publishState(parts.stream, queued);
}

async function end(parts: WorkerParts, claimed: TrainingJobRecord, ending: Exclude<Ending, { state: "LOST" }>): Promise<void> {
  const change = () =>
    parts.jobs.change(claimed.tenant, claimed.id, (now) => {
      if (!isMine(now, claimed) || isTerminal(now.state)) return undefined;
      const { lease: _lease, ...rest } = now;
      // A job that was finished before the cancellation reached it has succeeded no more than one that was not: the caller said stop.
      const state = now.state === "CANCELLING" ? "CANCELLED" : ending.state;
      return {
        ...rest,
        state,
        endTime: new Date().toISOString(),
        ...(state === "FAILED" && ending.state === "FAILED" && { error: { ...ending.error, attempt: now.attempt } }),
        ...(state === "SUCCEEDED" && ending.state === "SUCCEEDED" && { result: ending.result }),
      };
    });
  const written = await untilStored(change, parts.logger);
  if (written?.state !== "SUCCEEDED")
    await parts.artifacts.remove(claimed.tenant, "jobs", claimed.uid, ...(written ? [] : [attemptFolder(claimed)]));
  if (!written) return;
  meter().createCounter("stepwire.training_jobs.ended").add(1, { state: written.state, optimizer: written.spec.optimizer.name });
  await publishState(parts.stream, written);
}
