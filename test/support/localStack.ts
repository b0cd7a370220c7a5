import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Stepwire } from "@stepwire/client";
import { defaultModelFolder } from "#local/defaultModel.js";
import { type Stack, startStack } from "#local/stack.js";

/** The pretrained model that set-up fetched. */
export const miniLM = defaultModelFolder;

/** The bundled support messages. */
export const sample = (split: "train" | "validation" | "test"): string =>
  join(import.meta.dirname, `../../deploy/local/sample/support/${split}.csv`);

/** A whole Stepwire with a data folder of its own: real nats-server, real services, real engine. */
export interface TestStack extends Stack {
  stepwire: Stepwire;
  /** Removed by `close`. */
  folder: string;
  close(): Promise<void>;
}

/** Starts everything on free ports of the loopback interface. */
export async function startTestStack(environment: Record<string, string> = {}): Promise<TestStack> {
  const folder = await mkdtemp(join(tmpdir(), "stepwire-test-"));
  const stack = await startStack({ dataFolder: join(folder, "data"), modelRoots: [folder], environment });
  const stepwire = new Stepwire({ trainerAddress: stack.trainerAddress, evaluatorAddress: stack.evaluatorAddress });
  return {
    ...stack,
    stepwire,
    folder,
    close: async () => {
      stepwire.close();
      await stack.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
