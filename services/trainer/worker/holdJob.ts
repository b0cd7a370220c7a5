import { isTerminal } from "#core/jobs/stateMachine.js";
import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import { isMine, keepLease, newLease } from "#platform/lease.js";
import type { WorkerParts } from "./workerParts.js";

/** A claimed job in this supervisor's hands. */
export interface HeldJob {
  /** Aborted once the job is another's, or may be: its lease could not be renewed in time. */
  lost: AbortSignal;
  /** Aborted once somebody asked to cancel the job. */
  cancelled: AbortSignal;
  release(): void;
}

/** Renews a claimed job's lease, writing its progress each time, and watches its record until it is released. */
export function holdJob(parts: WorkerParts, claimed: TrainingJobRecord, progress: () => Pick<TrainingJobRecord, "progress">): HeldJob {
  const { tenant, id } = claimed;
  const cancelled = new AbortController();
  const watching = new AbortController();
  const isHeldStill = (now: TrainingJobRecord) => isMine(now, claimed) && !isTerminal(now.state);

  const renew = async () => {
    const job = await parts.jobs.change(tenant, id, (now) =>
      isHeldStill(now) ? { ...now, lease: newLease(parts), ...progress() } : undefined,
    );
    // The renewal also notices a cancellation that a broken watch missed.
    if (job?.state === "CANCELLING") cancelled.abort();
    return job !== undefined;
  };
  const lease = keepLease({ claimed, leaseSeconds: parts.leaseSeconds, renew }, (error) =>
    parts.logger.warn({ err: error, job: id }, "the lease could not be renewed"),
  );
  const watch = async () => {
    for await (const job of parts.jobs.watch(tenant, id, watching.signal)) {
      if (!isHeldStill(job)) return lease.lose();
      if (job.state === "CANCELLING") cancelled.abort();
    }
  };
  watch().catch((error: unknown) => parts.logger.debug({ err: error, job: id }, "the watch of the record ended"));
  return {
    lost: lease.lost,
    cancelled: cancelled.signal,
    release: () => {
      lease.release();
      watching.abort();
    },
  };
}
