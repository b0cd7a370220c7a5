import { studyEnded, type StudyRecord } from "#core/studies/study.js";
import { isHeld, isMine, keepLease, newLease } from "#platform/lease.js";
import { meter } from "#platform/telemetry.js";
import { untilStored } from "#platform/untilStored.js";
import { driveStudy, type StudyEnding } from "./driveStudy.js";
import { StudyFailure } from "./studyFailure.js";
import type { StudyWorkerParts } from "./studyWorkerParts.js";

/** Executions that may end without the study's own doing before it is given up. */
const maxFailures = 5;

/** True while somebody should work on the study and nobody does: its message may have been lost. */
export function studyWaits(study: StudyRecord): boolean {
  return !studyEnded(study.state) && !isHeld(study);
}

/**
 * Claims one study and drives it to its end, every write fenced by the attempt. What it has done is in its record and in its jobs, so that another
 * supervisor goes on where this one stopped.
 * @returns milliseconds after which it should be looked at again, or undefined when it is done
 */
export async function runStudy(
  parts: StudyWorkerParts,
  tenant: string,
  id: string,
  uid: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const found = (await parts.studies.get(tenant, id))?.record;
  if (!found || found.uid !== uid || studyEnded(found.state)) return undefined;
  const claimed = await claim(parts, found);
  if (!claimed) return parts.leaseSeconds * 1000;
  if (studyEnded(claimed.state)) return undefined;

  const cancelled = new AbortController();
  if (claimed.cancelling) cancelled.abort();
  const change = async (fn: (now: StudyRecord) => StudyRecord) => {
    const written = await parts.studies.change(tenant, id, (now) => (isMine(now, claimed) && !studyEnded(now.state) ? fn(now) : undefined));
    if (written?.cancelling) cancelled.abort();
    return written;
  };
  const lease = keepLease(
    {
      claimed,
      leaseSeconds: parts.leaseSeconds,
      renew: async () => (await change((now) => ({ ...now, lease: newLease(parts) }))) !== undefined,
    },
    (error) => parts.logger.warn({ err: error, study: id }, "the lease could not be renewed"),
  );
  const watching = watchForCancelling(parts, claimed, cancelled, lease.lost);
  try {
    const stop = AbortSignal.any([lease.lost, signal]);
    const isLastTry = failuresOf(claimed) + 1 >= maxFailures;
    const ending = await driveStudy(parts, claimed, { save: change, cancelled: cancelled.signal, stop, isLastTry }).catch(
      (error: unknown): StudyEnding => {
        if (stop.aborted) return "LOST";
        if (error instanceof StudyFailure) return { error: { code: error.code, message: error.message }, retry: false };
        parts.logger.error({ err: error, study: id }, "the study could not be driven");
        return { error: { code: "WORKER_ERROR", message: error instanceof Error ? error.message : String(error) }, retry: true };
      },
    );
    return lease.lost.aborted ? 0 : await conclude(parts, claimed, ending);
  } finally {
    lease.release();
    watching.abort();
  }
}

/** Of the executions before. */
function failuresOf({ failures = 0 }: StudyRecord): number {
  return failures;
}

/** Sees at once that somebody cancels, where renewals would see it some seconds later. */
function watchForCancelling(parts: StudyWorkerParts, claimed: StudyRecord, cancelled: AbortController, lost: AbortSignal): AbortController {
  const stopping = new AbortController();
  const watch = async () => {
    const signal = AbortSignal.any([stopping.signal, lost]);
    for await (const now of parts.studies.watch(claimed.tenant, claimed.id, signal)) if (now.cancelling) cancelled.abort();
  };
  // A renewal sees it too.
  watch().catch((error: unknown) => {
    if (!stopping.signal.aborted) parts.logger.warn({ err: error, study: claimed.id }, "the study's record cannot be watched");
  });
  return stopping;
}

/** @returns as `runStudy` */
async function conclude(parts: StudyWorkerParts, claimed: StudyRecord, ending: StudyEnding): Promise<number | undefined> {
  const failures = failuresOf(claimed) + (ending === "LOST" ? 0 : 1);
  const again = ending === "LOST" || (typeof ending === "object" && ending.retry && failures < maxFailures);
  const change = () =>
    parts.studies.change(claimed.tenant, claimed.id, (now) => {
      if (!isMine(now, claimed) || studyEnded(now.state)) return undefined;
      const { lease: _lease, secondsLeft: _left, ...rest } = now;
      if (again) return { ...rest, state: "QUEUED", failures };
      const ended = { ...rest, endTime: new Date().toISOString() };
      if (typeof ending === "object") return { ...ended, state: "FAILED", error: { ...ending.error, attempt: now.attempt } };
      return { ...ended, state: ending };
    });
  const written = await untilStored(change, parts.logger);
  if (written && !again) meter().createCounter("stepwire.studies.ended").add(1, { state: written.state });
  if (ending === "LOST") return 0;
  return again ? 1000 * 2 ** failures : undefined;
}

async function claim(parts: StudyWorkerParts, found: StudyRecord): Promise<StudyRecord | undefined> {
  return await parts.studies.change(found.tenant, found.id, (now) => {
    if (now.uid !== found.uid || studyEnded(now.state) || isHeld(now)) return undefined;
    // One that is running without a lease was left behind by a supervisor that died: that is no failure of a study, which takes hours.
    return {
      ...now,
      state: "RUNNING",
      startTime: now.startTime ?? new Date().toISOString(),
      attempt: now.attempt + 1,
      lease: newLease(parts),
    };
  });
}
