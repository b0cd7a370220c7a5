import { evaluationEnded, type EvaluationRecord } from "#core/evaluations/evaluation.js";
import { isHeld, isMine, keepLease, newLease } from "#platform/lease.js";
import { meter } from "#platform/telemetry.js";
import { untilStored } from "#platform/untilStored.js";
import { type Ending, executeEvaluation } from "./executeEvaluation.js";
import type { WorkerParts } from "./workerParts.js";

/** Attempts that may end without the evaluation's own doing before it is given up. */
const maxFailures = 3;

/** True while somebody should work on the evaluation and nobody does: its message may have been lost. */
export function waitsForWorker(evaluation: EvaluationRecord): boolean {
  return !evaluationEnded(evaluation.state) && !isHeld(evaluation);
}

/**
 * Claims one evaluation, runs it in a child process and writes its metrics, every write fenced by the attempt.
 * @returns milliseconds after which it should be looked at again, or undefined when it is done
 */
export async function runEvaluation(
  parts: WorkerParts,
  tenant: string,
  id: string,
  uid: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const found = (await parts.evaluations.get(tenant, id))?.record;
  if (!found || found.uid !== uid || evaluationEnded(found.state)) return undefined;
  const claimed = await claim(parts, found);
  if (!claimed) return parts.leaseSeconds * 1000;
  if (evaluationEnded(claimed.state)) return undefined;

  let progress: EvaluationRecord["progress"];
  const renew = async () => {
    const renewed = await parts.evaluations.change(tenant, id, (now) =>
      isMine(now, claimed) && !evaluationEnded(now.state) ? { ...now, lease: newLease(parts), ...(progress && { progress }) } : undefined,
    );
    return renewed !== undefined;
  };
  const lease = keepLease({ claimed, leaseSeconds: parts.leaseSeconds, renew }, (error) =>
    parts.logger.warn({ err: error, evaluation: id }, "the lease could not be renewed"),
  );
  // Cancelling is heard of at once; the next renewal also notices one that a broken watch missed.
  const watching = new AbortController();
  const watch = async () => {
    for await (const now of parts.evaluations.watch(tenant, id, watching.signal))
      if (!isMine(now, claimed) || evaluationEnded(now.state)) return lease.lose();
  };
  watch().catch((error: unknown) => parts.logger.debug({ err: error, evaluation: id }, "the watch of the record ended"));
  try {
    const onProgress = (now: EvaluationRecord["progress"]) => (progress = now);
    const ending = await executeEvaluation(parts, claimed, { lost: lease.lost, signal, onProgress }).catch((error: unknown): Ending => {
      parts.logger.error({ err: error, evaluation: id }, "the attempt could not be run");
      const message = error instanceof Error ? error.message : String(error);
      return lease.lost.aborted ? "LOST" : { error: { code: "WORKER_ERROR", message }, retry: true };
    });
    return await conclude(parts, claimed, ending);
  } finally {
    watching.abort();
    lease.release();
  }
}

/** @returns as `runEvaluation` */
async function conclude(parts: WorkerParts, claimed: EvaluationRecord, ending: Ending): Promise<number | undefined> {
  const failures = (claimed.failures ?? 0) + (ending === "LOST" ? 0 : 1);
  const again = ending === "LOST" || ("error" in ending && ending.retry && failures < maxFailures);
  const change = () =>
    parts.evaluations.change(claimed.tenant, claimed.id, (now) => {
      if (!isMine(now, claimed) || evaluationEnded(now.state)) return undefined;
      const { lease: _lease, ...rest } = now;
      if (again) return { ...rest, state: "QUEUED", failures };
      const ended = { ...rest, endTime: new Date().toISOString() };
      return "metrics" in ending
        ? { ...ended, state: "SUCCEEDED", metrics: ending.metrics }
        : { ...ended, state: "FAILED", error: { ...ending.error, attempt: now.attempt } };
    });
  const written = await untilStored(change, parts.logger);
  // It was cancelled, or deleted after that, while its predictions were being stored.
  if (!written && "metrics" in Object(ending)) await removeUnlessDone(parts, claimed);
  if (written && !again) meter().createCounter("stepwire.evaluations.ended").add(1, { state: written.state });
  if (ending === "LOST") return 0;
  return again ? 1000 * 2 ** failures : undefined;
}

async function removeUnlessDone({ evaluations, artifacts }: WorkerParts, { tenant, id, uid }: EvaluationRecord): Promise<void> {
  const now = (await evaluations.get(tenant, id))?.record;
  if (now?.uid !== uid || now.state === "CANCELLED") await artifacts.remove(tenant, "evaluations", uid);
}

async function claim(parts: WorkerParts, found: EvaluationRecord): Promise<EvaluationRecord | undefined> {
  return await parts.evaluations.change(found.tenant, found.id, (now) => {
    if (now.uid !== found.uid || evaluationEnded(now.state) || isHeld(now)) return undefined;
    // One that is running without a lease was left behind by a supervisor that died.
    const failures = (now.failures ?? 0) + (now.state === "RUNNING" ? 1 : 0);
    if (failures < maxFailures) return { ...now, state: "RUNNING", attempt: now.attempt + 1, failures, lease: newLease(parts) };
    const { lease: _lease, ...rest } = now;
    const error = {
      code: "ATTEMPTS_EXHAUSTED",
      message: `${failures} attempts ended without a word from their worker`,
      attempt: now.attempt,
    };
    return { ...rest, state: "FAILED", failures, endTime: new Date().toISOString(), error };
  });
}
