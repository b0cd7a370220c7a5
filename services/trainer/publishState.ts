import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import { orAborted } from "#platform/abort.js";
import type { JobStream } from "#platform/jobStream.js";
import { writeStateChange } from "./wire.js";

const patienceMs = 5000;

/**
 * Tells watchers the state that the record has now. The record is always written first: it is the truth, the event is news of it.
 * Settles once the event is stored; while NATS is away after five seconds, and the event goes on waiting by itself.
 */
export async function publishState(stream: JobStream, record: TrainingJobRecord): Promise<void> {
  const event = writeStateChange(record, new Date().toISOString());
  const kind = `${record.attempt}:${record.progress?.step ?? 0}:state-${record.state}`;
  const published = stream.publishEvent(record.tenant, event, kind, record.traceparent);
  await orAborted(published, AbortSignal.timeout(patienceMs)).catch(() => undefined);
}
