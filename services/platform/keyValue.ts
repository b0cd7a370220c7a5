import { JetStreamApiCodes, JetStreamApiError } from "@nats-io/jetstream";
import type { KV, KvEntry } from "@nats-io/kv";
import { quoteToken } from "./quoteToken.js";

/** A caller waits for the answer: after this long an unanswered write is its to repeat. */
const patienceMs = 10_000;

/** Tenants and ids are tokens of a subject, which NATS takes up to the size of a message; no name of ours is nearly as long. */
export function isRecordName(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,200}$/.test(text);
}

/** The key of a tenant's record. @throws Error when a name from outside would change its meaning. */
export function recordKey(tenant: string, id: string): string {
  for (const name of [tenant, id]) {
    if (!isRecordName(name))
      throw new Error(`${quoteToken(name)} cannot be part of a record's key: up to 200 letters, digits, "_" and "-" are allowed.`);
  }
  return `${tenant}.${id}`;
}

/** A compare-and-set found another revision. */
export function isConflict(error: unknown): boolean {
  return (
    error instanceof JetStreamApiError &&
    (error.code === JetStreamApiCodes.StreamWrongLastSequence || error.code === JetStreamApiCodes.StreamWrongLastSequenceUnknown)
  );
}

/**
 * Writes if the key's last revision is still `revision` (0: if there is no value). Returns the new revision, `undefined` when it is not.
 * After an answer that did not come, the store is asked whether the write happened.
 * @throws what NATS answered last, or that it did not answer: then the write may have happened
 */
export async function writeIf(kv: KV, key: string, value: string, revision: number): Promise<number | undefined> {
  const limit = Date.now() + patienceMs;
  for (let attempt = 1; ; attempt++) {
    try {
      return revision === 0 ? await kv.create(key, value) : await kv.update(key, value, revision);
    } catch (error) {
      const conflict = isConflict(error);
      // The first try's conflict is someone else's write; a later one's may be our own, unanswered.
      if (conflict && attempt === 1) return undefined;
      if (!conflict && (attempt === 4 || Date.now() > limit)) throw error;
      if (!conflict) await new Promise((resolve) => setTimeout(resolve, 250 * attempt));
      const entry = await kv.get(key).catch(() => null);
      if (entry?.operation === "PUT" && entry.revision > revision && entry.string() === value) return entry.revision;
      if (conflict) return undefined;
    }
  }
}

/** Hands over every entry and then every change, whatever happens to the connection; settles once every entry was handed over. */
export async function follow(kv: KV, apply: (entry: KvEntry) => void): Promise<() => Promise<void>> {
  const { streamInfo } = await kv.status();
  let seen = 0;
  let isClosed = false;
  let stop = (): void => undefined;
  let caughtUp = (): void => undefined;
  const initial = new Promise<void>((resolve) => {
    caughtUp = resolve;
  });
  if (streamInfo.state.messages === 0) caughtUp();
  const following = (async () => {
    while (!isClosed) {
      try {
        const entries = await kv.watch(seen === 0 ? {} : { resumeFromRevision: seen + 1 });
        stop = () => entries.stop();
        if (isClosed) stop();
        for await (const entry of entries) {
          apply(entry);
          seen = Math.max(seen, entry.revision);
          if (seen >= streamInfo.state.last_seq) caughtUp();
        }
      } catch {
        // NATS is away: the connection comes back by itself.
      }
      if (!isClosed) await new Promise((resolve) => setTimeout(resolve, 250));
    }
  })();
  await initial;
  return async () => {
    isClosed = true;
    stop();
    await following;
  };
}
