import { StepwireError } from "@stepwire/client";
import type { JobError } from "#core/jobs/trainingJob.js";
import type { StudyRecord, StudyRun } from "#core/studies/study.js";
import { secondsLeft, studyProgress } from "#core/studies/studyProgress.js";
import { finalRuns, hasEnded } from "#core/studies/studyRuns.js";
import { orAborted, pause } from "#platform/abort.js";
import { withFailures } from "../failedRuns.js";
import { driveRun } from "./driveRun.js";
import { patiently } from "./patiently.js";
import { watchStudyDataset } from "./studyDataset.js";
import { StudyFailure } from "./studyFailure.js";
import { writeReport } from "./writeReport.js";
import type { StudyWorkerParts } from "./studyWorkerParts.js";

/** How an execution of a study ended. LOST: by no fault of the study, and another may go on. */
export type StudyEnding = "SUCCEEDED" | "CANCELLED" | "LOST" | { error: Omit<JobError, "attempt">; retry: boolean };

/** What goes on around an execution. */
export interface StudySurroundings {
  /** Changes the record; resolves with undefined when it is no longer ours. */
  save(change: (now: StudyRecord) => StudyRecord): Promise<StudyRecord | undefined>;
  /** Aborted when somebody cancels the study. */
  cancelled: AbortSignal;
  /** Aborted when the lease is lost or this supervisor is asked to end. */
  stop: AbortSignal;
  /** Whether the study is given up if this execution fails. */
  isLastTry: boolean;
}

/** Between two writes of what has changed. */
const saveMs = 2000;

/** Brings every run of a claimed study to its end, as many at a time as were declared, then writes the report. */
export async function driveStudy(parts: StudyWorkerParts, claimed: StudyRecord, around: StudySurroundings): Promise<StudyEnding> {
  const { cancelled, stop } = around;
  const halt = AbortSignal.any([cancelled, stop]);
  const board = createBoard(claimed, around);
  const running = new Map<string, Promise<void>>();
  // A run that cannot be driven must not end the others half-way: the first failure is thrown once they have stopped.
  const failing = new AbortController();
  const each = AbortSignal.any([halt, failing.signal]);
  const start = (run: StudyRun) => {
    const driven = driveRun(parts, claimed, run, { stop: each, onChange: board.put })
      .then(board.put)
      .catch((error: unknown) => {
        if (!each.aborted) failing.abort(error);
      })
      .finally(() => running.delete(run.trainingJob));
    running.set(run.trainingJob, driven);
  };
  const saving = board.saveAlong(each, parts);
  // Runs on other rows must not be compared, so the others end at once, however long they have left.
  const runsEnded = new AbortController();
  const untilEnded = AbortSignal.any([each, runsEnded.signal]);
  const watching = watchStudyDataset(parts, claimed, untilEnded).catch((error: unknown) => {
    if (!untilEnded.aborted) failing.abort(error);
  });
  while (!each.aborted) {
    board.add(finalRuns(claimed, board.runs()));
    const waiting = board.runs().filter((run) => !hasEnded(run) && !running.has(run.trainingJob));
    for (const run of waiting.slice(0, Math.max(0, claimed.declaration.parallelism - running.size))) start(run);
    if (running.size === 0) break;
    await orAborted(Promise.race(running.values()), each).catch(() => undefined);
  }
  await Promise.all(running.values());
  board.end();
  runsEnded.abort();
  await Promise.all([saving, watching]);
  if (failing.signal.aborted) {
    // A study that goes on finds its jobs; of one that has failed for good they would only take the machine.
    if (around.isLastTry || failing.signal.reason instanceof StudyFailure) await cancelRuns(parts, board, stop);
    throw failing.signal.reason;
  }
  await board.save();
  if (stop.aborted) return "LOST";
  if (cancelled.aborted) return await cancelRuns(parts, board, stop);
  return await writeReport(parts, { ...claimed, runs: board.runs() }, halt, async (failed) => {
    for (const run of withFailures(board.runs(), failed)) board.put(run);
    await board.save();
  });
}

/** The runs as they are now, and their way into the record. */
function createBoard(claimed: StudyRecord, { save }: StudySurroundings) {
  const runs = new Map(claimed.runs.map((run) => [run.trainingJob, run]));
  const started = Date.now();
  const before = claimed.runs.filter(hasEnded).length;
  let isDirty = true;
  const over = new AbortController();
  const write = async () => {
    if (!isDirty) return;
    isDirty = false;
    const now = [...runs.values()];
    const { runs: all, done } = studyProgress(claimed.plan, now, false);
    const measured = { seconds: (Date.now() - started) / 1000, runs: done - before };
    const left = secondsLeft({ runs: all, done }, claimed.plan.expectedSeconds, measured);
    await save((record) => ({ ...record, runs: now, secondsLeft: left }));
  };
  return {
    runs: (): StudyRun[] => [...runs.values()],
    put: (run: StudyRun): void => {
      runs.set(run.trainingJob, run);
      isDirty = true;
    },
    add: (added: readonly StudyRun[]): void => {
      for (const run of added) runs.set(run.trainingJob, run);
      isDirty ||= added.length > 0;
    },
    save: write,
    end: (): void => over.abort(),
    /** Writes what has changed every two seconds, until `end`. */
    saveAlong: async (signal: AbortSignal, { logger }: StudyWorkerParts): Promise<void> => {
      const until = AbortSignal.any([signal, over.signal]);
      while (!until.aborted) {
        await write().catch((error: unknown) => {
          isDirty = true;
          logger.warn({ err: error, study: claimed.id }, "the study's progress could not be written");
        });
        await pause(saveMs, until);
      }
    },
  };
}

/** Ends what a cancelled study has left, however long the trainer is away: what goes on would take the machine for nothing. */
async function cancelRuns(parts: StudyWorkerParts, board: ReturnType<typeof createBoard>, stop: AbortSignal): Promise<StudyEnding> {
  for (const run of board.runs().filter((each) => !hasEnded(each))) {
    try {
      await patiently(parts, stop, () => parts.stepwire.jobs.cancel(run.trainingJob));
    } catch (error) {
      if (stop.aborted) return "LOST";
      // Not there yet, or ended by itself meanwhile.
      if (!["NOT_FOUND", "FAILED_PRECONDITION"].includes(StepwireError.from(error).code)) throw error;
    }
    board.put({ ...run, state: "CANCELLED" });
  }
  await board.save();
  return "CANCELLED";
}
