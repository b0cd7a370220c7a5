import { DiscardPolicy, jetstream, jetstreamManager, RetentionPolicy, StorageType } from "@nats-io/jetstream";
import { nanos, type NatsConnection } from "@nats-io/transport-node";
import type { MetricPointInput, TrainingEvent, TrainingEventInput } from "@stepwire/proto";
import { ensureStream } from "./ensureStream.js";
import { createJobPublisher, type DropReason, type Outgoing } from "./jobPublisher.js";
import { readJob } from "./jobReader.js";
import { jobStreamName, jobSubject, token } from "./jobSubjects.js";
import { toProtoJson } from "./protoJson.js";

export type { DropReason, Outgoing } from "./jobPublisher.js";

/** Limits of the stream and of what waits for it. */
export interface JobStreamOptions {
  /** 1 GiB when not set. */
  maxBytes?: number;
  /** Messages that may wait in memory while NATS is away, before the others wait on disk. 1,000 when not set. */
  capacity?: number;
  /** Bytes that may wait on disk; what comes when they are full is given up. 1 GiB when not set. */
  spoolBytes?: number;
  /** Milliseconds for which NATS recognises a message that it has; 120,000 when not set. */
  duplicateWindowMs?: number;
  /** Milliseconds without news after which a reader is given a heartbeat; 15,000 when not set. */
  heartbeatMs?: number;
  /** Told of each message that was given up. */
  onDrop?(message: Outgoing, reason: DropReason): void;
}

/** What jobs report, kept for late readers. */
export interface JobStream {
  /** Returns at once; the promise settles when the point is stored (or given up, see `onDrop`) and never rejects. */
  publishMetric(tenant: string, point: MetricPointInput, traceparent?: string): Promise<void>;
  /**
   * As `publishMetric`. `kind` is `<attempt>:<step>:<kind>` (or just a kind): together with the uid it is the event's identity, and an event
   * published twice with one identity within two minutes is stored once.
   */
  publishEvent(tenant: string, event: TrainingEventInput, kind: string, traceparent?: string): Promise<void>;
  /** True once everything published before is stored; false when that took longer. */
  flush(timeoutMs: number): Promise<boolean>;
  /**
   * A job's events from the beginning or after a token, then live, in order, until `signal` is aborted; heartbeats when there is no news.
   * Points of an attempt that a later one has replaced, arriving late, are left out.
   * @throws StatusError INVALID_ARGUMENT for a token that is not one of ours.
   */
  read(tenant: string, jobId: string, uid: string, fromToken: string | undefined, signal: AbortSignal): AsyncIterable<TrainingEvent>;
}

/** Opens the stream, made when it is not there. */
export async function openJobStream(connection: NatsConnection, options: JobStreamOptions = {}): Promise<JobStream> {
  const manager = await jetstreamManager(connection);
  const client = jetstream(connection);
  await ensureStream(manager, {
    name: jobStreamName,
    subjects: ["stepwire.v1.*.jobs.*.metrics", "stepwire.v1.*.jobs.*.events"],
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    storage: StorageType.File,
    max_age: nanos(7 * 24 * 3600 * 1000),
    max_bytes: options.maxBytes ?? 1024 ** 3,
    duplicate_window: nanos(options.duplicateWindowMs ?? 120_000),
  });
  const publisher = createJobPublisher(client, manager, {
    capacity: options.capacity ?? 1000,
    spoolBytes: options.spoolBytes ?? 1024 ** 3,
    onDrop: options.onDrop ?? (() => undefined),
    isClosed: () => connection.isClosed(),
    // The limit counts the headers too.
    maxBodyBytes: () => (connection.info?.max_payload ?? 1024 ** 2) - 4096,
  });
  const publish = (tenant: string, job: string, message: Omit<Outgoing, "traceparent">, traceparent: string | undefined) =>
    publisher.publish(`${tenant}.${job}`, { ...message, ...(traceparent === undefined ? {} : { traceparent }) });

  return {
    publishMetric: (tenant, point, traceparent) => {
      const kind = String(point.kind).replace("METRIC_KIND_", "").toLowerCase();
      const message = {
        subject: jobSubject(tenant, point.job ?? "", "metrics"),
        messageId: `${point.uid}:${point.attempt}:${point.step}:${kind}`,
        schema: "stepwire.v1.MetricPoint",
        body: toProtoJson("stepwire.v1.MetricPoint", point),
      };
      return publish(tenant, point.job ?? "", message, traceparent);
    },
    publishEvent: (tenant, event, kind, traceparent) => {
      const message = {
        subject: jobSubject(tenant, event.job ?? "", "events"),
        messageId: `${event.uid}:${/^\d+:\d+:./.test(kind) ? kind : `0:0:${kind}`}`,
        schema: "stepwire.v1.TrainingEvent",
        body: toProtoJson("stepwire.v1.TrainingEvent", event),
      };
      return publish(tenant, event.job ?? "", message, traceparent);
    },
    flush: publisher.flush,
    read: (tenant, jobId, uid, fromToken, signal) =>
      readJob(client, manager, {
        tenant: token(tenant),
        jobId: token(jobId),
        uid,
        ...(fromToken ? { fromToken } : {}),
        signal,
        heartbeatMs: options.heartbeatMs ?? 15_000,
      }),
  };
}
