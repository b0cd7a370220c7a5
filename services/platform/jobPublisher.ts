import { JetStreamApiCodes, JetStreamApiError, type JetStreamClient, type JetStreamManager, type StoredMsg } from "@nats-io/jetstream";
import { headers, type MsgHdrs } from "@nats-io/transport-node";
import { jobStreamName } from "./jobSubjects.js";
import { createSpool } from "./spool.js";

/** Subjects whose last sequence is remembered; of others it is asked. */
const rememberedSubjects = 1000;

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
  /**
   * Settles once the message is stored, or given up: see `onDrop`. Never rejects. While NATS is away messages wait, in memory and then on
   * disk; the promise of one on disk settles when all that waits is stored.
   */
  publish(lane: string, message: Outgoing): Promise<void>;
  /** True once nothing waits; false when that took longer. */
  flush(timeoutMs: number): Promise<boolean>;
}

/** Why a message was given up. */
export type DropReason = "buffer full" | "another worker took over" | "connection closed" | "too large";

/** How a publisher is set up. */
export interface JobPublisherOptions {
  /** Messages that may wait in memory, over all lanes. */
  capacity: number;
  /** Bytes that may wait on disk beyond them. */
  spoolBytes: number;
  onDrop(message: Outgoing, reason: DropReason): void;
  isClosed(): boolean;
  /** What NATS takes in one message. */
  maxBodyBytes(): number;
}

interface Waiting {
  message: Outgoing;
  settle?(): void;
}

interface Spooled {
  lane: string;
  message: Outgoing;
}

/**
 * One message of a lane (a job) is in flight at a time: only so can a doubtful one be looked up in the stream and sent again without
 * overtaking or doubling another, also long after the stream's duplicate window.
 */
export function createJobPublisher(client: JetStreamClient, manager: JetStreamManager, options: JobPublisherOptions): JobPublisher {
  const lanes = new Map<string, Waiting[]>();
  const lastSequences = new Map<string, number>();
  const spool = createSpool<Spooled>(options.spoolBytes);
  let waiting = 0;
  let whenIdle: (() => void)[] = [];
  let idle: Promise<void> | undefined;

  /** Settles when nothing waits any more; one promise for all who ask. */
  const untilIdle = (): Promise<void> =>
    waiting + spool.length === 0 ? Promise.resolve() : (idle ??= new Promise((resolve) => whenIdle.push(resolve)));

  const enqueue = (lane: string, item: Waiting) => {
    waiting++;
    const queue = lanes.get(lane);
    if (queue) return void queue.push(item);
    const started = [item];
    lanes.set(lane, started);
    void drain(lane, started);
  };

  const refill = () => {
    if (waiting > options.capacity / 2) return;
    for (const { lane, message } of spool.take(options.capacity - waiting)) enqueue(lane, { message });
  };

  const drain = async (lane: string, queue: Waiting[]) => {
    for (let next = queue[0]; next; next = queue[0]) {
      const { message } = next;
      const sent = await store(message).catch((): DropReason => "connection closed");
      if (sent !== "stored") options.onDrop(message, sent);
      queue.shift();
      next.settle?.();
      waiting--;
      refill();
    }
    lanes.delete(lane);
    forgetOldest(lastSequences);
    if (waiting > 0) return;
    const told = whenIdle;
    whenIdle = [];
    idle = undefined;
    for (const tell of told) tell();
  };

  /** Sends until the message is stored. */
  const store = async (message: Outgoing): Promise<"stored" | DropReason> => {
    if (Buffer.byteLength(message.body) > options.maxBodyBytes()) return "too large";
    for (let attempt = 1; !options.isClosed(); attempt++) {
      try {
        const outcome = await tryToStore(message, attempt > 1);
        if (outcome) return outcome;
      } catch {
        // NATS is away or did not answer in time: whether the message was stored is looked up before it is sent again.
      }
      if (!options.isClosed()) await new Promise((resolve) => setTimeout(resolve, Math.min(2000, 50 * 2 ** Math.min(attempt, 6))));
    }
    return "connection closed";
  };

  /** `undefined`: to be tried again. */
  const tryToStore = async (message: Outgoing, isDoubtful: boolean): Promise<"stored" | DropReason | undefined> => {
    const { subject } = message;
    let known = lastSequences.get(subject);
    if (known === undefined) {
      const last = await lastMessage(manager, subject);
      if (isReplaced(message, last)) return "another worker took over";
      known = last?.seq ?? 0;
      lastSequences.set(subject, known);
    }
    const found = isDoubtful ? await findMessage(manager, message, known) : undefined;
    try {
      lastSequences.set(subject, found ?? (await send(client, message, isFenced(message) ? known : undefined)));
      return "stored";
    } catch (error) {
      if (!isWrongLastSequence(error)) throw error;
      const last = await lastMessage(manager, subject);
      if (isReplaced(message, last)) return "another worker took over";
      if (await findMessage(manager, message, known)) return "stored";
      lastSequences.set(subject, last?.seq ?? 0);
      return undefined;
    }
  };

  return {
    publish: (lane, message) => {
      // Behind what is on disk, so that none overtakes.
      if (spool.length === 0 && waiting < options.capacity) return new Promise((settle) => enqueue(lane, { message, settle }));
      if (spool.push({ lane, message })) return untilIdle();
      options.onDrop(message, "buffer full");
      return Promise.resolve();
    },
    flush: async (timeoutMs) => {
      let timer: NodeJS.Timeout | undefined;
      const timeout = new Promise<boolean>((resolve) => {
        timer = setTimeout(() => resolve(false), timeoutMs);
      });
      const flushed = await Promise.race([untilIdle().then(() => true), timeout]);
      clearTimeout(timer);
      return flushed;
    },
  };
}

/** A map keeps the order of insertion; what is set again moves nowhere, which costs at most one question. */
function forgetOldest(sequences: Map<string, number>): void {
  for (const subject of sequences.keys()) {
    if (sequences.size <= rememberedSubjects) return;
    sequences.delete(subject);
  }
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

/** Only a job's worker writes its metrics, so there a sequence that is not the last one known means that another one took over. */
function isFenced({ subject }: Outgoing): boolean {
  return subject.endsWith(".metrics");
}

/** The subject's last message is of a later attempt of the same job. */
function isReplaced(message: Outgoing, last: StoredMsg | null): boolean {
  if (!last || !isFenced(message)) return false;
  const [lastUid, lastAttempt] = last.header.get("Nats-Msg-Id").split(":");
  const [uid, attempt] = message.messageId.split(":");
  return lastUid === uid && Number(lastAttempt) > Number(attempt);
}
