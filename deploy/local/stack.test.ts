import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Stepwire } from "@stepwire/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { waitMs } from "../../test/support/limits.js";
import { natsServer, stackProcesses, theProcess } from "../../test/support/stackProcesses.js";
import { repositoryRoot } from "./repositoryRoot.js";
import { startStack } from "./stack.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-stack-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Asks the trainer for something that it must read from and write to NATS, until it answers. */
async function importsAgain(stepwire: Stepwire): Promise<void> {
  const path = join(repositoryRoot, "deploy/local/sample/support/validation.csv");
  const imported = () => stepwire.datasets.import({ columns: { text: "text", label: "label" }, files: [{ split: "train", path }] });
  await expect.poll(() => imported().then(() => "imported", String), { interval: 200 }).toBe("imported");
}

describe("a local stack", () => {
  it("starts a killed service again at its address, and a killed nats-server at its own", async () => {
    const notices: string[] = [];
    const stack = await startStack({ dataFolder: folder, onNotice: (text) => notices.push(text) });
    const stepwire = new Stepwire({ trainerAddress: stack.trainerAddress, evaluatorAddress: stack.evaluatorAddress, deadlineMs: waitMs });

    process.kill(await theProcess(folder, "services/trainer/main.js"), "SIGKILL");
    await expect.poll(() => notices).toHaveLength(1);
    await importsAgain(stepwire);
    expect(notices).toEqual([expect.stringContaining("the trainer ended (SIGKILL)")]);

    const nats = await theProcess(folder, natsServer);
    process.kill(nats, "SIGKILL");
    await expect.poll(() => notices).toHaveLength(2);
    await importsAgain(stepwire);
    expect(await theProcess(folder, natsServer)).not.toBe(nats);
    stepwire.close();
    await Promise.all([stack.stop(), stack.stop()]);
    expect(await stackProcesses(folder, natsServer)).toEqual([]);
  });

  it("refuses a data folder that another stack has", async () => {
    const stack = await startStack({ dataFolder: folder });
    await expect(startStack({ dataFolder: folder })).rejects.toThrow(/uses the data folder/);
    await stack.stop();
  });

  it("says where the log is when a service cannot start, and leaves nothing running", async () => {
    await expect(startStack({ dataFolder: folder, environment: { STEPWIRE_LEASE_SECONDS: "0" } })).rejects.toThrow(
      /did not start \(exit code 1\); its log is in .*stack\.log/,
    );
    expect(await stackProcesses(folder, natsServer)).toEqual([]);
    const stack = await startStack({ dataFolder: folder });
    await stack.stop();
  });
});
