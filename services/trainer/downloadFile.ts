import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

/** A file as its server describes it. */
export interface RemoteFile {
  name: string;
  size: number;
  /** Hex, of the content with `prefix` before it. */
  digest: { algorithm: "sha256" | "sha1"; prefix: string; value: string };
}

/** How a download is watched. */
export interface DownloadControl {
  /** Ends the download; it then rejects with the signal's reason. */
  signal: AbortSignal;
  /** Told with each piece: bytes of this file that are written. */
  onBytes(bytes: number): void;
  /** A server that sends nothing for so long is given up for this try. */
  stallMs: number;
}

/** Why a download failed, in words that name no address. */
export class DownloadFailure extends Error {
  override readonly name = "DownloadFailure";
}

/** Tries in a row that bring nothing new. */
const maxTries = 4;

/**
 * Downloads a file and checks its size and digest. A connection that breaks or stalls is made again, from where it ended.
 * @throws DownloadFailure; the signal's reason; an error of the disk
 */
export async function downloadFile(url: string, path: string, expected: RemoteFile, control: DownloadControl): Promise<void> {
  const file = await open(path, "w");
  try {
    let state = start(expected);
    for (let tries = 1; state.done < expected.size || tries === 1; tries++) {
      const before = state.done;
      try {
        state = await receive(url, file, expected, state, control);
      } catch (error) {
        control.signal.throwIfAborted();
        if (!(error instanceof Interruption)) throw error;
        state = error.state;
        if (state.done > before) tries = 0;
        if (tries >= maxTries)
          throw new DownloadFailure(`${expected.name} broke off at byte ${state.done} of ${expected.size}: ${error.message}`);
        await setTimeout(250 * 2 ** tries, undefined, { signal: control.signal });
      }
    }
    if (state.hash.digest("hex") !== expected.digest.value)
      throw new DownloadFailure(`${expected.name} is not what the hub says it is: its ${expected.digest.algorithm} differs`);
  } finally {
    await file.close();
  }
}

interface Progress {
  done: number;
  hash: Hash;
}

/** A try that ended early; another may go on from `state`. */
class Interruption extends Error {
  override readonly name = "Interruption";
  constructor(
    message: string,
    readonly state: Progress,
  ) {
    super(message);
  }
}

function start({ digest }: RemoteFile): Progress {
  return { done: 0, hash: createHash(digest.algorithm).update(digest.prefix) };
}

async function receive(url: string, file: FileHandle, expected: RemoteFile, from: Progress, control: DownloadControl): Promise<Progress> {
  let state = from;
  const stalled = new AbortController();
  const timer = globalThis.setTimeout(() => stalled.abort(), control.stallMs);
  const signal = AbortSignal.any([control.signal, stalled.signal]);
  const interrupted = (error: unknown) =>
    new Interruption(stalled.signal.aborted ? `nothing came for ${control.stallMs / 1000} s` : networkProblem(error), state);
  try {
    const headers = { "Accept-Encoding": "identity", ...(state.done > 0 && { Range: `bytes=${state.done}-` }) };
    const response = await fetch(url, { headers, signal }).catch((error: unknown) => {
      throw interrupted(error);
    });
    if (response.status >= 500 || response.status === 429) throw interrupted(new Error(`the hub answered ${response.status}`));
    if (!response.ok || response.body === null)
      throw new DownloadFailure(`${expected.name} was not given: the hub answered ${response.status}`);
    // A server that knows no ranges begins again.
    if (state.done > 0 && !response.headers.get("content-range")?.startsWith(`bytes ${state.done}-`)) state = start(expected);
    const pieces = response.body[Symbol.asyncIterator]();
    for (;;) {
      const piece = await pieces.next().catch((error: unknown) => {
        throw interrupted(error);
      });
      if (piece.done) break;
      timer.refresh();
      const bytes = piece.value as Uint8Array;
      if (state.done + bytes.length > expected.size)
        throw new DownloadFailure(`${expected.name} is longer than its ${expected.size} bytes`);
      await write(file, bytes, state.done);
      state.hash.update(bytes);
      state.done += bytes.length;
      control.onBytes(state.done);
    }
    if (state.done < expected.size) throw interrupted(new Error("the connection ended early"));
    return state;
  } finally {
    clearTimeout(timer);
    stalled.abort();
  }
}

async function write(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}

/** The reason of a failed request without the address that it went to. */
export function networkProblem(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as { code?: unknown } | null)?.code;
  if (typeof code === "string") return code;
  return error instanceof Error && error.name === "TimeoutError"
    ? "no answer in time"
    : error instanceof Error
      ? error.message
      : String(error);
}
