import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join, resolve } from "node:path";
import { modelsFolder } from "./cachePaths.js";
import { lockDataFolder } from "./dataLock.js";
import { withFreePort } from "./freeAddress.js";
import { endAfterFullDisk } from "./fullDisk.js";
import { keepRunning } from "./keepRunning.js";
import { type NatsProcess, startNats } from "./natsProcess.js";
import { startService } from "./serviceProcess.js";

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

const free = "127.0.0.1:0";

/**
 * Starts nats-server (unless `NATS_URL` names one), the two services and their workers as children of this process, and restarts those
 * that end by themselves. Children end when this process does.
 * @throws Error when one does not start
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const dataFolder = resolve(options.dataFolder);
  const unlock = await lockDataFolder(dataFolder);
  const notice = options.onNotice ?? (() => undefined);
  const nats = process.env.NATS_URL
    ? givenNats(process.env.NATS_URL)
    : await ownNats(join(dataFolder, "nats"), notice).catch(async (error: unknown) => {
        await unlock();
        throw error;
      });
  const log = options.logTo ?? createWriteStream(join(dataFolder, "stack.log"), { flags: "a", mode: 0o600 });
  const ownRoots = (process.env.STEPWIRE_MODEL_ROOTS ?? "").split(":").filter((root) => root !== "");
  // Studies are driven by a worker that calls both services, so it has to know where they will be.
  const [trainerListen, evaluatorListen] = await Promise.all(
    [options.trainerListen ?? free, options.evaluatorListen ?? free].map(withFreePort),
  );
  const environment = {
    ...process.env,
    ...options.environment,
    STEPWIRE_TRAINER_ADDRESS: trainerListen,
    STEPWIRE_EVALUATOR_ADDRESS: evaluatorListen,
    NATS_URL: nats.url,
    ...(nats.user !== "" && { NATS_USER: nats.user, NATS_PASSWORD: nats.password }),
    STEPWIRE_DATA: dataFolder,
    STEPWIRE_DEFAULT_MODELS: modelsFolder(),
    STEPWIRE_MODEL_ROOTS: [modelsFolder(), ...(options.modelRoots ?? []).map((root) => resolve(root)), ...ownRoots].join(":"),
  };
  const start = (name: string, path: string, listen = free) =>
    startService({ name, path: `services/${path}/main.js`, listen, environment, log, notice });
  const trainer = start("trainer", "trainer", trainerListen);
  const evaluator = start("evaluator", "evaluator", evaluatorListen);
  const services = [trainer, evaluator, start("training-worker", "trainer/worker"), start("evaluation-worker", "evaluator/worker")];

  const end = async () => {
    await Promise.all(services.map((service) => service.stop()));
    await nats.stop();
    if (!options.logTo) await once(log.end(), "close");
    await unlock();
  };
  let ending: Promise<void> | undefined;
  const stop = () => (ending ??= end());
  try {
    await Promise.all(services.map((service) => service.ready));
  } catch (error) {
    await stop();
    const where = options.logTo ? "in the output above" : `in ${join(dataFolder, "stack.log")}`;
    throw new Error(`${error instanceof Error ? error.message : String(error)}; its log is ${where}`, { cause: error });
  }
  return {
    trainerAddress: await trainer.ready,
    evaluatorAddress: await evaluator.ready,
    natsUrl: nats.url,
    natsUser: nats.user,
    natsPassword: nats.password,
    stop,
  };
}

type Nats = Pick<NatsProcess, "url" | "user" | "password" | "stop">;

function givenNats(url: string): Nats {
  const { NATS_USER: user = "", NATS_PASSWORD: password = "" } = process.env;
  return { url, user, password, stop: () => Promise.resolve() };
}

/** A private nats-server that is started again at the same address when it ends by itself: the services connect to it again. */
async function ownNats(folder: string, notice: (text: string) => void): Promise<Nats> {
  const stopping = new AbortController();
  let server = await startNats(folder);
  const ended = async () => {
    void endAfterFullDisk(server, folder, { signal: stopping.signal, notice });
    await server.exited;
    return "by itself";
  };
  const again = async () => {
    server = await startNats(folder, Number(new URL(server.url).port));
    if (stopping.signal.aborted) await server.stop();
    return await ended();
  };
  const kept = keepRunning("nats-server", ended(), again, { signal: stopping.signal, notice });
  return {
    url: server.url,
    user: server.user,
    password: server.password,
    stop: async () => {
      stopping.abort();
      await server.stop();
      await kept;
    },
  };
}
