import {
  DeliverPolicy,
  type Consumer,
  type ConsumerMessages,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from "@nats-io/jetstream";
import { status } from "@grpc/grpc-js";
import type { MetricPoint, TrainingEvent } from "@stepwire/proto";
import { jobStreamName, jobSubject } from "./jobSubjects.js";
import { fromProtoJson } from "./protoJson.js";
import { StatusError } from "./statusError.js";

/** Which job's events are read, and from where. */
export interface JobReading {
  tenant: string;
  jobId: string;
  uid: string;
  /** After this one; from the beginning when not set. */
  fromToken?: string;
  signal: AbortSignal;
  heartbeatMs: number;
}

/** A job's events in order: what is stored, then live. Ends, without an error, when the signal is aborted. */
export async function* readJob(client: JetStreamClient, manager: JetStreamManager, reading: JobReading): AsyncGenerator<TrainingEvent> {
  const { uid, jobId, signal } = reading;
  let last = await startOf(manager, reading.fromToken);
  let attempt = 0;
  while (!signal.aborted) {
    const opened = await open(client, reading, last + 1).catch(() => undefined);
    if (!opened) {
      // NATS is away: say that the watch is alive, and try again.
      await pause(1000, signal);
      continue;
    }
    try {
      for await (const message of withHeartbeats(opened.messages, reading.heartbeatMs, signal)) {
        if (!message) {
          yield heartbeat(uid, jobId, last);
          continue;
        }
        last = message.seq;
        const event = decode(message);
        if (event.uid !== uid) continue;
        if (event.attempt_started) attempt = Math.max(attempt, event.attempt_started.attempt);
        // A worker that lost the job may have sent a last point before it knew.
        if (event.metric && event.metric.attempt < attempt) continue;
        yield event;
      }
    } catch {
      await pause(250, signal);
    } finally {
      // Not `close()`, which waits for the reader to take what was fetched ahead.
      opened.messages.stop();
      void opened.consumer.delete().catch(() => undefined);
    }
  }
}

async function startOf(manager: JetStreamManager, token: string | undefined): Promise<number> {
  if (!token) return 0;
  const sequence = /^[1-9]\d{0,15}$/.test(token) ? Number(token) : Number.NaN;
  const { state } = await manager.streams.info(jobStreamName);
  if (sequence <= state.last_seq) return sequence;
  const description = `"${token.slice(0, 100)}" is not a resume token; pass the resume_token of an earlier event as it is, or nothing to begin at the start.`;
  throw new StatusError(status.INVALID_ARGUMENT, "INVALID_RESUME_TOKEN", description, {
    violations: [{ field: "resume_token", reason: "INVALID_RESUME_TOKEN", description }],
  });
}

async function open(
  client: JetStreamClient,
  { tenant, jobId }: JobReading,
  sequence: number,
): Promise<{ consumer: Consumer; messages: ConsumerMessages }> {
  const consumer = await client.consumers.get(jobStreamName, {
    filter_subjects: [jobSubject(tenant, jobId, "metrics"), jobSubject(tenant, jobId, "events")],
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: sequence,
    inactive_threshold: 60_000,
  });
  // What is fetched ahead waits in memory for a slow watcher: few enough to hold a thousand watchers.
  return { consumer, messages: await consumer.consume({ max_messages: 256, expires: 10_000, idle_heartbeat: 2000 }) };
}

/** The messages, and `undefined` whenever none came for a while. */
async function* withHeartbeats(messages: ConsumerMessages, heartbeatMs: number, signal: AbortSignal): AsyncGenerator<JsMsg | undefined> {
  const iterator = messages[Symbol.asyncIterator]();
  let next: Promise<IteratorResult<JsMsg> | undefined> | undefined;
  while (!signal.aborted) {
    next ??= iterator.next();
    const quiet = new AbortController();
    const result = await Promise.race([next, pause(heartbeatMs, AbortSignal.any([quiet.signal, signal])).then(() => undefined)]);
    quiet.abort();
    if (signal.aborted) return;
    if (result?.done) return;
    if (result) next = undefined;
    yield result?.value;
  }
}

function decode(message: JsMsg): TrainingEvent {
  const resume_token = String(message.seq);
  if (!message.subject.endsWith(".metrics"))
    return { ...(fromProtoJson("stepwire.v1.TrainingEvent", message.string()) as TrainingEvent), resume_token };
  const metric = fromProtoJson("stepwire.v1.MetricPoint", message.string()) as MetricPoint;
  return { uid: metric.uid, job: metric.job, time: metric.time, resume_token, metric, event: "metric" };
}

function heartbeat(uid: string, job: string, last: number): TrainingEvent {
  const now = Date.now();
  const time = { seconds: String(Math.floor(now / 1000)), nanos: (now % 1000) * 1_000_000 };
  return { uid, job, time, resume_token: last === 0 ? "" : String(last), heartbeat: {}, event: "heartbeat" };
}

/** Waits; less when the signal is aborted. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end);
  });
}
