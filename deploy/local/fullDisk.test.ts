import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { endAfterFullDisk } from "./fullDisk.js";
import { startNats } from "./natsProcess.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-full-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("ends a nats-server that met a full disk, so that it is started anew, and no other", async () => {
  const notices: string[] = [];
  const signal = new AbortController().signal;
  const notice = (text: string) => void notices.push(text);
  const line = "[1] 2026/01/01 00:00:00.000000 [ERR] JetStream failed to store a msg on stream: no space left on device\n";

  const first = await startNats(folder);
  // The line comes between two looks at the log.
  await endAfterFullDisk(first, folder, { signal, notice, pause: () => appendFile(join(folder, "nats.log"), line) });
  await first.exited;
  expect(notices).toHaveLength(2);

  // The log still has the old line.
  const second = await startNats(folder);
  const stop = new AbortController();
  let looks = 0;
  const pause = async () => {
    if (++looks === 3) stop.abort();
  };
  await endAfterFullDisk(second, folder, { signal: stop.signal, notice, pause });
  expect(notices).toHaveLength(2);
  await second.stop();
});
