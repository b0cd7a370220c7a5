import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { NatsConnection } from "@nats-io/transport-node";
import { withFreePort } from "#local/freeAddress.js";
import { installNatsServer } from "#local/natsServer.js";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { createLogger } from "#platform/logger.js";
import { connectNats } from "#platform/natsConnection.js";

/** A nats-server of one test file, on a port that it keeps, so that it can die and come back. */
export interface TestBroker {
  url: string;
  /** @param url of a proxy in front of the broker; its own when not given */
  connect(url?: string): Promise<NatsConnection>;
  /** kill -9. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stops it in the middle of what it does (SIGSTOP), until it is killed or thawed; settles once all of its threads stand still. */
  freeze(): Promise<void>;
  thaw(): void;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

/** Ends what a test that was cut short has left: it sees the end of this process. */
const guard = join(repositoryRoot, "dist/deploy/local/guard.js");

export async function startTestBroker(): Promise<TestBroker> {
  const folder = await mkdtemp(join(tmpdir(), "stepwire-nats-"));
  const binary = await installNatsServer();
  // One that nobody else takes while the server is away.
  const address = await withFreePort("127.0.0.1:0");
  const [, port = ""] = address.split(":");
  const url = `nats://${address}`;
  const logger = createLogger("test", "silent");
  const connections: NatsConnection[] = [];
  let guarding: ChildProcess;
  let pid = 0;

  const connect = async (natsUrl = url) => {
    const connection = await connectNats({ natsUrl }, "test", logger);
    connections.push(connection);
    return connection;
  };
  const start = async () => {
    guarding = fork(guard, ["0", binary, "-a", "127.0.0.1", "-p", port, "-js", "-sd", folder], { stdio: "ignore", detached: true });
    const ended = once(guarding, "exit").then(() => Promise.reject(new Error(`nats-server does not start at ${url}`)));
    [{ pid }] = (await Promise.race([once(guarding, "message"), ended])) as [{ pid: number }];
    ended.catch(() => undefined);
  };
  const kill = async () => {
    if (guarding.exitCode !== null || guarding.signalCode !== null) return;
    const exited = once(guarding, "exit");
    process.kill(pid, "SIGKILL");
    await exited;
  };
  await start();
  await (await connect()).close();
  return {
    url,
    connect,
    start,
    kill,
    freeze: async () => {
      process.kill(pid, "SIGSTOP");
      await standsStill(pid);
    },
    thaw: () => void process.kill(pid, "SIGCONT"),
    remove: async () => {
      await Promise.all(connections.map((connection) => connection.close()));
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** On a busy machine some threads go on for a moment after the signal, and would answer what comes next. */
async function standsStill(pid: number): Promise<void> {
  for (;;) {
    const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
    const states = await Promise.all(
      threads.map(async (thread) => {
        const line = await readFile(`/proc/${pid}/task/${thread}/stat`, "utf8").catch(() => ") T");
        return line.slice(line.lastIndexOf(")") + 2)[0];
      }),
    );
    if (states.every((state) => state === "T")) return;
    await sleep(5);
  }
}
