import type { WorkQueue } from "./workQueue.js";

/** A record that somebody has to work on. */
export interface WaitingRecord {
  tenant: string;
  id: string;
  uid: string;
  traceparent?: string;
}

/** What a sweeper looks after. */
export interface SweeperOptions {
  queue: WorkQueue;
  /** The records, from memory, that nobody works on and somebody should. */
  waiting(): readonly WaitingRecord[];
  /** From one sweep to the next, on average: each time is drawn anew, so that several processes do not sweep at once. */
  intervalMs: number;
  onError(error: unknown): void;
}

/**
 * Sends the message of each record that waits and has none: its message was lost between the record and the queue, or with a worker. A
 * sweep costs one request, none when nothing waits; several sweepers do no harm, since a record has one message at most.
 * @returns how to stop it
 */
export function startSweeper(options: SweeperOptions): () => void {
  const { intervalMs, onError } = options;
  let isStopped = false;
  let timer: NodeJS.Timeout;
  const plan = (delayMs: number) => {
    timer = setTimeout(() => {
      sweep(options)
        .catch(onError)
        .finally(() => {
          if (!isStopped) plan(intervalMs * (0.5 + Math.random()));
        });
    }, delayMs);
  };
  plan(intervalMs * Math.random());
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}

async function sweep({ queue, waiting }: SweeperOptions): Promise<void> {
  const records = waiting();
  for (const tenant of new Set(records.map((record) => record.tenant))) {
    const known = await queue.waiting(tenant);
    for (const { id, uid, traceparent } of records.filter((record) => record.tenant === tenant && !known.has(record.uid)))
      await queue.enqueue(tenant, id, uid, traceparent);
  }
}
