import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join, resolve } from "node:path";
import { modelsFolder } from "./cachePaths.js";
import { lockDataFolder } from "./dataLock.js";
import { type NatsProcess, startNats } from "./natsProcess.js";
import { repositoryRoot } from "./repositoryRoot.js";

/** What a local stack is started with. */
export interface StackOptions {
  /** Artifacts, NATS data and logs. */
  dataFolder: string;
  /** host:port; a free port of the loopback interface when not given. */
  trainerListen?: string;
  evaluatorListen?: string;
  /** Folders that jobs may load models from, beside the shipped models. */
  modelRoots?: string[];
  /** Added to the services' environment. */
  environment?: Record<string, string>;
  /** Where the services' logs go; `logs` in the data folder when not given. */
  logTo?: NodeJS.WritableStream;
  /** Called when something happened that a person should know. */
  onNotice?: (text: string) => void;
}

/** A running local stack. */
export interface Stack {
  trainerAddress: string;
  evaluatorAddress: string;
  natsUrl: string;
  natsUser: string;
  natsPassword: string;
  stop(): Promise<void>;
}

const services = {
  trainer: "services/trainer/main.js",
  evaluator: "services/evaluator/main.js",
  "training-worker": "services/trainer/worker/main.js",
  "evaluation-worker": "services/evaluator/worker/main.js",
} as const;

/** Longer than a service's own grace. */
const graceMs = 15_000;
const restartMs = 1000;

/**
 * Starts nats-server (unless `NATS_URL` names one), the two services and their workers as children of this process, and restarts those
 * that end by themselves. Children end when this process does.
 * @throws Error when one does not start
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const dataFolder = resolve(options.dataFolder);
  const unlock = await lockDataFolder(dataFolder);
  const nats = process.env.NATS_URL
    ? undefined
    : await startNats(join(dataFolder, "nats")).catch(async (error: unknown) => {
        await unlock();
        throw error;
      });
  const { natsUrl, natsUser, natsPassword } = credentials(nats);
  const notice = options.onNotice ?? (() => undefined);
  const log = options.logTo ?? createWriteStream(join(dataFolder, "stack.log"), { flags: "a", mode: 0o600 });
  const environment = {
    ...process.env,
    ...options.environment,
    NATS_URL: natsUrl,
    ...(natsUser !== "" && { NATS_USER: natsUser, NATS_PASSWORD: natsPassword }),
    STEPWIRE_DATA: dataFolder,
    STEPWIRE_DEFAULT_MODELS: modelsFolder(),
    STEPWIRE_MODEL_ROOTS: [modelsFolder(), ...(options.modelRoots ?? []).map((root) => resolve(root))].join(":"),
  };
  const children = new Map<string, ChildProcess>();
  const state = { stopping: false };

  const start = async (name: keyof typeof services, listen: string): Promise<string> => {
    const child = fork(join(repositoryRoot, "dist", services[name]), [], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: { ...environment, STEPWIRE_LISTEN: listen },
    });
    children.set(name, child);
    for (const stream of [child.stdout, child.stderr]) stream?.pipe(log, { end: false });
    const exited = once(child, "exit");
    const ready = await Promise.race([once(child, "message"), exited.then(() => undefined)]);
    if (!ready)
      throw new Error(`the ${name} did not start; its log is in ${options.logTo ? "the output above" : join(dataFolder, "stack.log")}`);
    const { address = "" } = ready[0] as { address?: string };
    void exited.then(async ([code, signal]) => {
      if (state.stopping) return;
      notice(`the ${name} ended (${String(signal ?? code)}); starting it again`);
      await new Promise((done) => setTimeout(done, restartMs));
      if (!state.stopping) await start(name, address || listen).catch((error: unknown) => notice(String(error)));
    });
    return address;
  };

  const stop = async () => {
    if (state.stopping) return;
    state.stopping = true;
    await Promise.all([...children.values()].map(endChild));
    await nats?.stop();
    if (!options.logTo) log.end();
    await unlock();
  };
  void nats?.exited.then(() =>
    state.stopping ? undefined : notice("nats-server ended by itself; the services wait for it, restart the stack"),
  );

  const free = "127.0.0.1:0";
  const [trainer, evaluator] = await Promise.all([
    start("trainer", options.trainerListen ?? free),
    start("evaluator", options.evaluatorListen ?? free),
    start("training-worker", free),
    start("evaluation-worker", free),
  ]).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { trainerAddress: trainer, evaluatorAddress: evaluator, natsUrl, natsUser, natsPassword, stop };
}

function credentials(nats: NatsProcess | undefined): { natsUrl: string; natsUser: string; natsPassword: string } {
  if (nats) return { natsUrl: nats.url, natsUser: nats.user, natsPassword: nats.password };
  const { NATS_URL: url = "", NATS_USER: user = "", NATS_PASSWORD: password = "" } = process.env;
  return { natsUrl: url, natsUser: user, natsPassword: password };
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await exited;
  clearTimeout(timer);
}
