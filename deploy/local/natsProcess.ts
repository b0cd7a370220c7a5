import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withFreePort } from "./freeAddress.js";
import { installNatsServer } from "./natsServer.js";
import { commandLine, isAlive } from "./processIdentity.js";
import { repositoryRoot } from "./repositoryRoot.js";

/** A private nats-server with JetStream, reachable from this machine only. */
export interface NatsProcess {
  url: string;
  user: string;
  password: string;
  pid: number;
  /** Resolves when it has ended, by `stop` or by itself. */
  exited: Promise<void>;
  stop(): Promise<void>;
}

const user = "stepwire";
/** It takes a second; on a machine that has much else to do, or a large store to read, longer. */
const startSeconds = 120;
const graceMs = 5000;

/**
 * Starts a nats-server whose data is in `folder`; the password is made once and kept there. It never outlives this process: a guard ends
 * it when this process is gone, and this process ends it when the guard is.
 * @param port a free one when not given, which no outgoing connection is given
 * @throws Error when it does not start
 */
export async function startNats(folder: string, port?: number): Promise<NatsProcess> {
  const ports = join(folder, "ports");
  const pidFile = join(folder, "nats.pid");
  await endPrevious(pidFile, folder);
  await rm(ports, { recursive: true, force: true });
  await mkdir(ports, { recursive: true });
  const password = await readOrMakePassword(join(folder, "password"));
  const config = join(folder, "nats.conf");
  const quoted = (text: string) => JSON.stringify(text);
  const lines = [
    `listen: "${port === undefined ? await withFreePort("127.0.0.1:0") : `127.0.0.1:${port}`}"`,
    `pid_file: ${quoted(pidFile)}`,
    `ports_file_dir: ${quoted(ports)}`,
    `jetstream { store_dir: ${quoted(join(folder, "jetstream"))}, sync_interval: always }`,
    `authorization { user: ${user}, password: ${quoted(password)} }`,
    `log_file: ${quoted(join(folder, "nats.log"))}`,
    "",
  ];
  await writeFile(config, lines.join("\n"), { mode: 0o600 });

  // From the sources (unit tests) as from dist, the guard that runs is the compiled one.
  const script = join(repositoryRoot, "dist/deploy/local/guard.js");
  const guard = fork(script, [String(graceMs), await installNatsServer(), "-c", config], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    detached: true,
  });
  const exited = once(guard, "exit").then(() => undefined);
  const spawned = await Promise.race([once(guard, "message"), exited]);
  if (!spawned) throw new Error("nats-server could not be started");
  const { pid } = spawned[0] as { pid: number };
  guard.once("exit", () => {
    // Does nothing after an orderly end; after a kill -9 of the guard it is what ends the server.
    if (isAlive(pid)) process.kill(pid, "SIGKILL");
  });

  const url = await readUrl(ports, exited);
  if (url === undefined) {
    guard.kill("SIGTERM");
    await exited;
    const log = await readFile(join(folder, "nats.log"), "utf8").catch(() => "");
    throw new Error(`nats-server did not start:\n${log.split("\n").slice(-5).join("\n")}`);
  }
  return {
    url,
    user,
    password,
    pid,
    exited,
    stop: async () => {
      guard.kill("SIGTERM");
      await exited;
    },
  };
}

async function readOrMakePassword(path: string): Promise<string> {
  const kept = await readFile(path, "utf8").catch(() => undefined);
  if (kept) return kept;
  const made = randomBytes(24).toString("base64url");
  await writeFile(path, made, { mode: 0o600 });
  return made;
}

async function readUrl(ports: string, exited: Promise<void>): Promise<string | undefined> {
  const limit = Date.now() + startSeconds * 1000;
  let ended = false;
  void exited.then(() => (ended = true));
  while (!ended && Date.now() < limit) {
    const [name] = await readdir(ports);
    const text = name === undefined ? "" : await readFile(join(ports, name), "utf8");
    // The file appears before it is complete.
    const url = /"(nats:\/\/[^"]+)"/.exec(text)?.[1];
    if (url !== undefined && text.trimEnd().endsWith("}")) return url;
    await sleep(20);
  }
  return undefined;
}

/**
 * After a kill -9 of its parent a nats-server still takes a moment to end: two of them over one folder would destroy it.
 */
async function endPrevious(pidFile: string, folder: string): Promise<void> {
  const pid = Number(await readFile(pidFile, "utf8").catch(() => ""));
  const lives = () => pid > 0 && isAlive(pid) && commandLine(pid).includes(folder);
  // Longer than a guard that has lost its parent takes to end it.
  const limit = Date.now() + 3 * graceMs;
  while (lives()) {
    if (Date.now() > limit) process.kill(pid, "SIGKILL");
    await sleep(50);
  }
}
