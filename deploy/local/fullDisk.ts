import { open, statfs } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { NatsProcess } from "./natsProcess.js";

const wantedBytes = 64 * 1024 ** 2;
/** As nats-server's log quotes the system. */
const diskFull = "no space left on device";

interface Watching {
  signal: AbortSignal;
  notice(text: string): void;
  /** Between two looks at the log. */
  pause?(): Promise<void>;
}

/**
 * Ends a nats-server that met a full disk, once there is room again: until it is started anew its streams refuse every write, also after space
 * was freed. Returns when the server has ended or the signal is aborted.
 */
export async function endAfterFullDisk(
  nats: Pick<NatsProcess, "exited" | "stop">,
  folder: string,
  { signal, notice, pause = () => sleep(2000, undefined, { signal }) }: Watching,
): Promise<void> {
  const log = join(folder, "nats.log");
  // Of an earlier run's words nothing follows for this one.
  let read = (await readFrom(log, 0)).length;
  let isFull = false;
  let ended = false;
  void nats.exited.then(() => (ended = true));
  while (!ended && !signal.aborted) {
    await pause().catch(() => undefined);
    const news = await readFrom(log, read);
    read += news.length;
    if (!isFull && news.includes(diskFull)) {
      isFull = true;
      notice("the disk of the data folder is full: nothing can be stored until there is room again");
    }
    if (!isFull || ended || signal.aborted) continue;
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < wantedBytes) continue;
    notice("there is room on the disk again: nats-server is started anew");
    await nats.stop();
    return;
  }
}

async function readFrom(path: string, position: number): Promise<Buffer> {
  const file = await open(path).catch(() => undefined);
  if (!file) return Buffer.alloc(0);
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.max(0, size - position));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
