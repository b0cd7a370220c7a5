import {
  AckPolicy,
  DiscardPolicy,
  jetstream,
  jetstreamManager,
  JetStreamApiCodes,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type Consumer,
  type JsMsg,
} from "@nats-io/jetstream";
import { headers, nanos, type NatsConnection } from "@nats-io/transport-node";
import { orAborted, pause } from "./abort.js";
import { ensureConsumer, ensureStream } from "./ensureStream.js";
import { token } from "./jobSubjects.js";

const streamName = "STEPWIRE_WORK";
const ackWaitMs = 30_000;
/** NATS has a message of this subject, and the stream holds one of each. */
const subjectIsTaken = 10077;

/** What kind of worker a message wakes. */
export type WorkKind = "training" | "evaluation" | "study";

/** A message that says that a record waits to be worked on; the record says everything else. */
export interface WorkMessage {
  tenant: string;
  id: string;
  uid: string;
  traceparent?: string;
  /** Says that it is still being worked on: without it for 30 seconds, another worker is given the message. */
  working(): void;
  /** How often it was handed out before. */
  redeliveries: number;
}

/** What a handler made of a message: it is gone, or comes again. */
export type WorkOutcome = "done" | { retryInMs: number };

/** The queue of one kind of work. */
export interface WorkQueue {
  /** Settles once the record's message is stored; nothing happens when it has one already. @throws Error when NATS does not answer. */
  enqueue(tenant: string, id: string, uid: string, traceparent?: string): Promise<void>;
  /** The uids of a tenant's records that have a message, waiting or with a worker. */
  waiting(tenant: string): Promise<Set<string>>;
  /**
   * Takes one message at a time, never one ahead, until `signal` is aborted; settles when the last handler has. A handler that throws gets
   * the message again after 5 seconds.
   */
  consume(signal: AbortSignal, handler: (message: WorkMessage) => Promise<WorkOutcome>): Promise<void>;
}

/** Opens the queue, made when it is not there. `onError` is told what handlers throw and what keeps the queue from being read. */
export async function openWorkQueue(
  connection: NatsConnection,
  kind: WorkKind,
  onError: (error: unknown) => void = () => undefined,
): Promise<WorkQueue> {
  const manager = await jetstreamManager(connection);
  const client = jetstream(connection);
  await ensureStream(manager, {
    name: streamName,
    subjects: ["stepwire.v1.*.work.training.*", "stepwire.v1.*.work.evaluation.*", "stepwire.v1.*.work.study.*"],
    retention: RetentionPolicy.Workqueue,
    storage: StorageType.File,
    // One message a record at most: a wake-up may be sent again by whoever doubts that there is one.
    max_msgs_per_subject: 1,
    discard: DiscardPolicy.New,
    discard_new_per_subject: true,
  });
  const durable = {
    durable_name: kind,
    filter_subject: `stepwire.v1.*.work.${kind}.*`,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ackWaitMs),
    max_deliver: -1,
  };
  await ensureConsumer(manager, streamName, durable);

  let consumer: Consumer | undefined;
  const next = async (signal: AbortSignal): Promise<JsMsg | undefined> => {
    while (!signal.aborted) {
      try {
        consumer ??= await client.consumers.get(streamName, kind);
        // `next` asks for one message and `consume` would fetch one ahead, which a busy worker would keep from idle ones.
        const request = consumer.next({ expires: 1000 });
        const message = await orAborted(request, signal).catch((error: unknown) => {
          if (!signal.aborted) throw error;
          // What still comes after the end goes back to the queue; a request that outlives the connection ends with it.
          request.then(
            (late) => late?.nak(),
            () => undefined,
          );
        });
        if (message) return message;
      } catch (error) {
        // Missed heartbeats, a reconnect or a restarted server: all pass.
        consumer = undefined;
        if (connection.isClosed()) return undefined;
        onError(error);
        if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.ConsumerNotFound)
          await ensureConsumer(manager, streamName, durable).catch(onError);
        await pause(500, signal);
      }
    }
    return undefined;
  };
  const subjects = (tenant: string) => `stepwire.v1.${token(tenant)}.work.${kind}`;

  return {
    enqueue: async (tenant, id, uid, traceparent) => {
      const messageHeaders = headers();
      if (traceparent !== undefined) messageHeaders.set("traceparent", traceparent);
      const message = JSON.stringify({ id, uid });
      await client
        .publish(`${subjects(tenant)}.${token(uid)}`, message, { headers: messageHeaders, retries: 3 })
        .catch((error: unknown) => {
          if (!(error instanceof JetStreamApiError) || error.code !== subjectIsTaken) throw error;
        });
    },
    waiting: async (tenant) => {
      const { state } = await manager.streams.info(streamName, { subjects_filter: `${subjects(tenant)}.*` });
      return new Set(Object.keys(state.subjects ?? {}).map((name) => name.slice(name.lastIndexOf(".") + 1)));
    },
    consume: async (signal, handler) => {
      for (let message = await next(signal); message; message = await next(signal)) {
        const work = decode(message);
        const outcome = work
          ? await handler(work).catch((error: unknown): WorkOutcome => {
              onError(error);
              return { retryInMs: 5000 };
            })
          : "done";
        if (outcome === "done") message.ack();
        else message.nak(outcome.retryInMs);
      }
    },
  };
}

/** `undefined`: nothing that we wrote, and nothing that would get better by being handed out again. */
function decode(message: JsMsg): WorkMessage | undefined {
  try {
    const { id, uid } = message.json<{ id: string; uid: string }>();
    const traceparent = message.headers?.get("traceparent");
    return {
      tenant: message.subject.split(".")[2] ?? "",
      id,
      uid,
      ...(traceparent ? { traceparent } : {}),
      working: () => message.working(),
      redeliveries: message.info.deliveryCount - 1,
    };
  } catch {
    return undefined;
  }
}
