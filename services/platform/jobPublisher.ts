import { JetStreamApiCodes, JetStreamApiError, type JetStreamClient, type JetStreamManager, type StoredMsg } from "@nats-io/jetstream";
import { headers, type MsgHdrs } from "@nats-io/transport-node";
import { jobStreamName } from "./jobSubjects.js";

/** One message on its way to the stream. */
export interface Outgoing {
  subject: string;
  /** `<uid>:<attempt>:<step>:<kind>`. */
  messageId: string;
  schema: string;
  body: string;
  traceparent?: string;
}

/** Publishes messages in their order, each once, however often NATS goes away in between. */
export interface JobPublisher {
  /** Settles once the message is stored, or given up: see `onDrop`. Never rejects. */
  publish(lane: string, message: Outgoing): Promise<void>;
  /** True once nothing waits; false when that took longer. */
  flush(timeoutMs: number): Promise<boolean>;
}

/** Why a message was given up. */
export type DropReason = "buffer full" | "another worker took over" | "connection closed";

/** How a publisher is set up. */
export interface JobPublisherOptions {
  /** Messages that may wait, over all lanes. */
  capacity: number;
  onDrop(message: Outgoing, reason: DropReason): void;
  isClosed(): boolean;
}

interface Waiting {
  message: Outgoing;
  settle(): void;
}

/**
 * One message of a lane (a job) is in flight at a time: only so can a doubtful one be looked up in the stream and sent again without
 * overtaking or doubling another, also long after the stream's duplicate window.
 */
export function createJobPublisher(client: JetStreamClient, manager: JetStreamManager, options: JobPublisherOptions): JobPublisher {
  const lanes = new Map<string, Waiting[]>();
  const lastSequences = new Map<string, number>();
  let waiting = 0;
  let idle: (() => void)[] = [];

  const drain = async (lane: string, queue: Waiting[]) => {
    for (let next = queue[0]; next; next = queue[0]) {
      const { message } = next;
      const sent = await store(message).catch((): DropReason => "connection closed");
      if (sent !== "stored") options.onDrop(message, sent);
      queue.shift();
      next.settle();
      waiting--;
    }
    lanes.delete(lane);
    if (waiting === 0) {
      idle.forEach((wake) => wake());
      idle = [];
    }
  };

  /** Sends until the message is stored. */
  const store = async (message: Outgoing): Promise<"stored" | DropReason> => {
    // Only a job's worker writes its metrics, so there a higher sequence than the last one known means that another one took over.
    const isFenced = message.subject.endsWith(".metrics");
    let isDoubtful = false;
    for (let attempt = 1; !options.isClosed(); attempt++) {
      try {
        const last = lastSequences.get(message.subject) ?? (await lastMessage(manager, message.subject))?.seq ?? 0;
        lastSequences.set(message.subject, last);
        const stored = isDoubtful ? await findMessage(manager, message, last) : undefined;
        const sequence = stored ?? (await send(client, message, isFenced ? last : undefined));
        lastSequences.set(message.subject, sequence);
        return "stored";
      } catch (error) {
        isDoubtful = true;
        if (isWrongLastSequence(error)) {
          const last = await lastMessage(manager, message.subject).catch(() => undefined);
          if (last && isNewerAttempt(last.header.get("Nats-Msg-Id"), message.messageId)) return "another worker took over";
          const known = lastSequences.get(message.subject) ?? 0;
          // The message itself may be among those that were not known of: it is looked for before the expectation moves on.
          const own = last ? await findMessage(manager, message, known).catch(() => undefined) : undefined;
          if (own !== undefined) {
            lastSequences.set(message.subject, Math.max(own, last?.seq ?? 0));
            return "stored";
          }
          if (last) lastSequences.set(message.subject, last.seq);
        }
        if (!options.isClosed()) await new Promise((resolve) => setTimeout(resolve, Math.min(2000, 50 * 2 ** Math.min(attempt, 6))));
      }
    }
    return "connection closed";
  };

  const makeRoom = () => {
    if (waiting < options.capacity) return;
    const longest = [...lanes.values()].reduce((left, right) => (right.length > left.length ? right : left));
    // The first one is in flight.
    const [dropped] = longest.splice(1, 1);
    if (!dropped) return;
    waiting--;
    options.onDrop(dropped.message, "buffer full");
    dropped.settle();
  };

  return {
    publish: (lane, message) =>
      new Promise((settle) => {
        makeRoom();
        waiting++;
        const queue = lanes.get(lane);
        if (queue) queue.push({ message, settle });
        else {
          const started = [{ message, settle }];
          lanes.set(lane, started);
          void drain(lane, started);
        }
      }),
    flush: (timeoutMs) =>
      new Promise((resolve) => {
        if (waiting === 0) return resolve(true);
        const timer = setTimeout(() => resolve(false), timeoutMs);
        idle.push(() => {
          clearTimeout(timer);
          resolve(true);
        });
      }),
  };
}

async function send(client: JetStreamClient, message: Outgoing, lastSubjectSequence: number | undefined): Promise<number> {
  const messageHeaders: MsgHdrs = headers();
  messageHeaders.set("Stepwire-Schema", message.schema);
  if (message.traceparent !== undefined) messageHeaders.set("traceparent", message.traceparent);
  const ack = await client.publish(message.subject, message.body, {
    msgID: message.messageId,
    headers: messageHeaders,
    timeout: 5000,
    expect: { streamName: jobStreamName, ...(lastSubjectSequence === undefined ? {} : { lastSubjectSequence }) },
  });
  return ack.seq;
}

function isWrongLastSequence(error: unknown): boolean {
  return (
    error instanceof JetStreamApiError &&
    (error.code === JetStreamApiCodes.StreamWrongLastSequence || error.code === JetStreamApiCodes.StreamWrongLastSequenceUnknown)
  );
}

function lastMessage(manager: JetStreamManager, subject: string): Promise<StoredMsg | null> {
  return manager.streams.getMessage(jobStreamName, { last_by_subj: subject });
}

/** The sequence of the message, when it is in the stream after `last`. */
async function findMessage(manager: JetStreamManager, message: Outgoing, last: number): Promise<number | undefined> {
  for (let sequence = last + 1; ;) {
    const query = { seq: sequence, next_by_subj: message.subject };
    const found = await manager.streams.getMessage(jobStreamName, query);
    if (!found) return undefined;
    if (found.header.get("Nats-Msg-Id") === message.messageId) return found.seq;
    sequence = found.seq + 1;
  }
}

function isNewerAttempt(lastId: string, ownId: string): boolean {
  const [lastUid, lastAttempt] = lastId.split(":");
  const [ownUid, ownAttempt] = ownId.split(":");
  return lastUid === ownUid && Number(lastAttempt) > Number(ownAttempt);
}
