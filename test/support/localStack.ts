import { createWriteStream } from "node:fs";
import { mkdtemp, mkdir, rm, symlink } from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Stepwire } from "@stepwire/client";
import { defaultModelFolder } from "#local/defaultModel.js";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { type Stack, startStack } from "#local/stack.js";
import { logFolder, stacksFolder } from "../run/testFolder.js";
import { waitMs } from "./limits.js";
import { testLog } from "./testLog.js";

/** The pretrained model that set-up fetched. */
export const miniLM = defaultModelFolder;

const tinyModels = join(repositoryRoot, "test/parity/goldens");

/** A model of some thousand weights, for tests whose point is not what a model learns; every test stack may read it. */
export const tinyModel = (family: "bert" | "distilbert" | "gpt2" | "llama"): string => join(tinyModels, `tiny-${family}`);

/** The bundled support messages. */
export const sample = (split: "train" | "validation" | "test"): string =>
  join(import.meta.dirname, `../../deploy/local/sample/support/${split}.csv`);

/** A whole Stepwire with a data folder of its own: real nats-server, real services, real engine. */
export interface TestStack extends Stack {
  stepwire: Stepwire;
  /** For files of a test; models in it may be read. Removed in the end. */
  folder: string;
  /** Where the services keep everything: it tells this stack's processes from others'. */
  dataFolder: string;
  close(): Promise<void>;
}

async function start(folder: string, log: string, environment: Record<string, string>): Promise<TestStack> {
  const logTo = createWriteStream(log, { flags: "a" });
  const dataFolder = join(folder, "data");
  const stack = await startStack({
    ...{ dataFolder, modelRoots: [folder, tinyModels], environment, logTo },
    onNotice: (text) => logTo.write(`${text}\n`),
  });
  const stepwire = new Stepwire({ trainerAddress: stack.trainerAddress, evaluatorAddress: stack.evaluatorAddress, deadlineMs: waitMs });
  return {
    ...{ ...stack, stepwire, folder, dataFolder },
    close: async () => {
      stepwire.close();
      await stack.stop();
      await once(logTo.end(), "close");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts a stack of this test file's own, for files that kill parts of it or need settings of their own. */
export async function startTestStack(environment: Record<string, string> = {}): Promise<TestStack> {
  return await start(await mkdtemp(join(tmpdir(), "stepwire-test-")), testLog("stack.log"), environment);
}

let shared: { stack: Promise<TestStack>; log: string } | undefined;

/**
 * The stack that the test files of this process share, one after the other; it ends with the process. Who uses it leaves it whole: names
 * of its own for what it creates, no process killed, nothing expected of what others may have left.
 */
export async function sharedStack(): Promise<Omit<TestStack, "close" | "stop">> {
  if (!shared) {
    const folder = join(stacksFolder(), String(process.pid));
    await mkdir(folder, { recursive: true });
    const log = logFolder(`shared-stack-${process.pid}.log`);
    await mkdir(logFolder(""), { recursive: true });
    shared = { log, stack: start(folder, log, {}) };
  }
  await symlink(shared.log, testLog("stack.log")).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  return await shared.stack;
}
