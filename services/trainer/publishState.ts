import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import type { JobStream } from "#platform/jobStream.js";
import { writeStateChange } from "./wire.js";

/** Tells watchers the state that the record has now. The record is always written first: it is the truth, the event is news of it. */
export async function publishState(stream: JobStream, record: TrainingJobRecord): Promise<void> {
  const event = writeStateChange(record, new Date().toISOString());
  await stream.publishEvent(
    record.tenant,
    event,
    `${record.attempt}:${record.progress?.step ?? 0}:state-${record.state}`,
    record.traceparent,
  );
}
