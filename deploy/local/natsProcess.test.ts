import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startNats } from "./natsProcess.js";
import { isAlive } from "./processIdentity.js";
import { repositoryRoot } from "./repositoryRoot.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-nats-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("a private nats-server", () => {
  it("has JetStream, asks for its password, and keeps its data over a restart", async () => {
    const first = await startNats(folder);
    await expect(connect({ servers: first.url, reconnect: false })).rejects.toThrow(/authorization/i);
    const open = async (nats: { url: string; user: string; password: string }) =>
      await connect({ servers: nats.url, user: nats.user, pass: nats.password });
    const connection = await open(first);
    await (await jetstreamManager(connection)).streams.add({ name: "KEPT", subjects: ["kept"] });
    await connection.close();
    await first.stop();
    await expect.poll(() => isAlive(first.pid)).toBe(false);

    const second = await startNats(folder);
    expect(second.password).toBe(first.password);
    const again = await open(second);
    expect((await (await jetstreamManager(again)).streams.info("KEPT")).config.name).toBe("KEPT");
    await again.close();
    await second.stop();
  });

  it("goes with its parent, even when that is killed", async () => {
    const script = join(folder, "parent.mjs");
    const module = pathToFileURL(join(repositoryRoot, "dist/deploy/local/natsProcess.js")).href;
    await writeFile(script, `import { startNats } from ${JSON.stringify(module)}; process.send((await startNats(process.argv[2])).pid);`);
    const parent = fork(script, [folder]);
    const [pid] = (await once(parent, "message")) as [number];
    parent.kill("SIGKILL");
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});
