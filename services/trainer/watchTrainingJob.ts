import type { TrainingEventInput } from "@stepwire/proto";
import { isTerminal } from "#core/jobs/stateMachine.js";
import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import type { JobStream } from "#platform/jobStream.js";
import type { RecordStore } from "#platform/recordStore.js";
import { invalidResumeToken, readResumeToken } from "#platform/resumeToken.js";
import { wireState, writeStateChange } from "./wire.js";

/**
 * A job's events from the beginning or the token, in order, ending after the terminal one. The record is asked on each heartbeat, so that
 * a watch also ends when the process that ended the job died before it could publish the event.
 */
export async function* watchTrainingJob(
  parts: { jobs: RecordStore<TrainingJobRecord>; stream: JobStream },
  job: TrainingJobRecord,
  resumeToken: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<TrainingEventInput> {
  // A made-up attempt would hide every point.
  if (resumeToken !== undefined && readResumeToken(resumeToken, job.uid).attempt > job.attempt)
    throw invalidResumeToken(resumeToken, `names an attempt that the job has not had (it has had ${job.attempt})`);
  let token = resumeToken ?? "";
  for await (const event of parts.stream.read(job.tenant, job.id, job.uid, resumeToken, signal)) {
    if (event.heartbeat) {
      // While NATS is away the watch goes on: it ends when something is known, not when nothing is.
      const found = await parts.jobs.get(job.tenant, job.id).catch(() => "away" as const);
      const record = found === "away" ? undefined : found?.record;
      if (found !== "away" && record?.uid !== job.uid) return;
      if (record && isTerminal(record.state)) {
        yield { ...writeStateChange(record, record.endTime ?? record.createTime), resume_token: token };
        return;
      }
    }
    token = event.resume_token || token;
    yield event;
    const state = event.state_change?.state;
    if (state !== undefined && terminalStates.has(String(state))) return;
  }
}

const terminalStates = new Set((["SUCCEEDED", "FAILED", "CANCELLED"] as const).map((state) => String(wireState(state))));
