import { givenFields, wireMessage } from "@stepwire/client";
import type { Study, StudyInput, StudyRunInput } from "@stepwire/proto";
import type { Fault } from "#core/fault.js";
import type { StudyDraft } from "#core/studies/completeStudy.js";
import { studyEnded, type StudyRecord, type StudyRun } from "#core/studies/study.js";
import { studyProgress } from "#core/studies/studyProgress.js";

// A study's declaration has the words of the contract in the SDK's spelling, so the SDK's mapping is ours.

const setByServer = ["id", "uid", "state", "createTime", "startTime", "endTime", "plan", "progress", "attempt", "error", "result", "runs"];

/** The caller's study as a draft; what only the server sets is a fault. */
export function readStudyDraft(study: Study): { draft: StudyDraft; faults: Fault[] } {
  const given = givenFields("stepwire.v1.Study", study);
  const job = (given["job"] ?? {}) as Record<string, unknown>;
  const refused = (fields: Record<string, unknown>, path: string) =>
    setByServer
      .filter((name) => name in fields)
      .map((name): Fault => ({
        field: `${path}.${name}`,
        reason: "SET_BY_SERVER",
        description: "is set by the server and cannot be given",
      }));
  return { draft: given, faults: [...refused(given, "study"), ...refused(job, "study.job")] };
}

/** The record as the contract shows it. */
export function writeStudy(record: StudyRecord, withRuns: boolean): StudyInput {
  const { declaration, plan, error } = record;
  return wireMessage("stepwire.v1.Study", {
    ...declaration,
    id: record.id,
    uid: record.uid,
    state: record.state,
    createTime: new Date(record.createTime),
    startTime: record.startTime && new Date(record.startTime),
    endTime: record.endTime && new Date(record.endTime),
    plan,
    progress: { ...studyProgress(plan, record.runs, studyEnded(record.state)), secondsLeft: record.secondsLeft },
    runs: withRuns ? record.runs.map(runFields) : [],
    error,
    attempt: record.attempt,
  });
}

/** A run as the contract shows it. */
export function writeStudyRun(run: StudyRun): StudyRunInput {
  return wireMessage("stepwire.v1.StudyRun", runFields(run));
}

function runFields({ tokens: _tokens, peakMemoryBytes: _peak, weightsDigest: _weights, error, ...run }: StudyRun): object {
  return { ...run, error: error && { ...error, attempt: 0, step: 0 } };
}
