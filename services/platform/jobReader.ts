import {
  DeliverPolicy,
  type Consumer,
  type ConsumerMessages,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from "@nats-io/jetstream";
import type { MetricPoint, TrainingEvent } from "@stepwire/proto";
import { pause } from "./abort.js";
import { jobStreamName, jobSubject } from "./jobSubjects.js";
import { fromProtoJson } from "./protoJson.js";
import { invalidResumeToken, readResumeToken, writeResumeToken, type WatchPosition } from "./resumeToken.js";

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

/**
 * A job's events in order: what is stored, then live, with a heartbeat between them and whenever there is no news. Ends, without an error,
 * when the signal is aborted.
 */
export async function* readJob(client: JetStreamClient, manager: JetStreamManager, reading: JobReading): AsyncGenerator<TrainingEvent> {
  const { uid, jobId, signal } = reading;
  const position = await startOf(manager, reading);
  let hasCaughtUp = false;
  while (!signal.aborted) {
    const opened = await open(client, reading, position.sequence + 1).catch(() => undefined);
    if (!opened) {
      // NATS is away: say that the watch is alive, and try again.
      await pause(1000, signal);
      continue;
    }
    try {
      if (opened.isEmpty && !hasCaughtUp) {
        hasCaughtUp = true;
        yield heartbeat(uid, jobId, position);
      }
      for await (const message of withHeartbeats(opened.messages, reading.heartbeatMs, signal)) {
        if (!message) {
          yield heartbeat(uid, jobId, position);
          continue;
        }
        position.sequence = message.seq;
        const event = decode(message);
        if (event.uid === uid) {
          if (event.attempt_started) position.attempt = Math.max(position.attempt, event.attempt_started.attempt);
          // A worker that lost the job may have sent a last point before it knew.
          const isVoid = event.metric && event.metric.attempt < position.attempt;
          if (!isVoid) yield { ...event, resume_token: writeResumeToken(position, uid) };
        }
        if (message.info.pending > 0 || hasCaughtUp) continue;
        hasCaughtUp = true;
        yield heartbeat(uid, jobId, position);
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

async function startOf(manager: JetStreamManager, { fromToken = "", uid }: JobReading): Promise<WatchPosition> {
  const position = readResumeToken(fromToken, uid);
  if (position.sequence === 0) return position;
  const { state } = await manager.streams.info(jobStreamName);
  if (position.sequence > state.last_seq) throw invalidResumeToken(fromToken, "is after everything that is stored");
  return position;
}

async function open(
  client: JetStreamClient,
  { tenant, jobId }: JobReading,
  sequence: number,
): Promise<{ consumer: Consumer; messages: ConsumerMessages; isEmpty: boolean }> {
  const consumer = await client.consumers.get(jobStreamName, {
    filter_subjects: [jobSubject(tenant, jobId, "metrics"), jobSubject(tenant, jobId, "events")],
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: sequence,
    inactive_threshold: 60_000,
  });
  const { num_pending } = await consumer.info(true);
  // What is fetched ahead waits in memory for a slow watcher: few enough to hold a thousand watchers.
  const messages = await consumer.consume({ max_messages: 256, expires: 10_000, idle_heartbeat: 2000 });
  return { consumer, messages, isEmpty: num_pending === 0 };
}

/** The messages, and `undefined` whenever none came for a while. */
async function* withHeartbeats(messages: ConsumerMessages, heartbeatMs: number, signal: AbortSignal): AsyncGenerator<JsMsg | undefined> {
  const iterator = messages[Symbol.asyncIterator]();
  let next: Promise<IteratorResult<JsMsg>> | undefined;
  while (!signal.aborted) {
    next ??= iterator.next();
    const result = await within(next, heartbeatMs, signal);
    if (signal.aborted || result?.done) return;
    if (result) next = undefined;
    yield result?.value;
  }
}

/** The result, or `undefined` when it takes longer or the signal is aborted. */
function within<T>(result: Promise<T>, milliseconds: number, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const release = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
    };
    const giveUp = () => {
      release();
      resolve(undefined);
    };
    const timer = setTimeout(giveUp, milliseconds);
    signal.addEventListener("abort", giveUp);
    result.then(
      (value) => {
        release();
        resolve(value);
      },
      (error: Error) => {
        release();
        reject(error);
      },
    );
    if (signal.aborted) giveUp();
  });
}

function decode(message: JsMsg): TrainingEvent {
  if (!message.subject.endsWith(".metrics")) return fromProtoJson("stepwire.v1.TrainingEvent", message.string()) as TrainingEvent;
  const metric = fromProtoJson("stepwire.v1.MetricPoint", message.string()) as MetricPoint;
  return { uid: metric.uid, job: metric.job, time: metric.time, resume_token: "", metric, event: "metric" };
}

function heartbeat(uid: string, job: string, position: WatchPosition): TrainingEvent {
  const now = Date.now();
  const time = { seconds: String(Math.floor(now / 1000)), nanos: (now % 1000) * 1_000_000 };
  return { uid, job, time, resume_token: writeResumeToken(position, uid), heartbeat: {}, event: "heartbeat" };
}
