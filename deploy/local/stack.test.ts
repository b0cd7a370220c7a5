import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Stepwire } from "@stepwire/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { repositoryRoot } from "./repositoryRoot.js";
import { startStack } from "./stack.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-stack-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The process over this test's folder whose command line holds a text; NaN when there is none. */
function childWith(text: string): number {
  const lines = execFileSync("ps", ["-eo", "pid=,args=", "--no-headers"], { encoding: "utf8" }).split("\n");
  const found = lines.filter((line) => line.includes(text) && line.includes(folder));
  return Number.parseInt(found[0] ?? "", 10);
}

/** This process' child that runs a program. */
function serviceChild(path: string): number {
  const lines = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(process.pid)], { encoding: "utf8" }).split("\n");
  return Number.parseInt(lines.find((line) => line.includes(path)) ?? "", 10);
}

/** Asks the trainer for something that it must read from and write to NATS, until it answers. */
async function importsAgain(stepwire: Stepwire): Promise<void> {
  const limit = Date.now() + 20_000;
  for (;;)
    try {
      await stepwire.datasets.import({
        columns: { text: "text", label: "label" },
        files: [{ split: "train", path: join(repositoryRoot, "deploy/local/sample/support/validation.csv") }],
      });
      return;
    } catch (error) {
      if (Date.now() > limit) throw error;
      await sleep(200);
    }
}

describe("a local stack", () => {
  it("starts a killed service again at its address, and a killed nats-server at its own", async () => {
    const notices: string[] = [];
    const stack = await startStack({ dataFolder: folder, onNotice: (text) => notices.push(text) });
    const stepwire = new Stepwire({ trainerAddress: stack.trainerAddress, evaluatorAddress: stack.evaluatorAddress });

    process.kill(serviceChild("services/trainer/main.js"), "SIGKILL");
    while (notices.length === 0) await sleep(50);
    await importsAgain(stepwire);
    expect(notices).toEqual([expect.stringContaining("the trainer ended (SIGKILL)")]);

    const nats = childWith("nats-server -c");
    process.kill(nats, "SIGKILL");
    while (notices.length === 1) await sleep(50);
    await importsAgain(stepwire);
    expect(childWith("nats-server -c")).not.toBe(nats);
    stepwire.close();
    await Promise.all([stack.stop(), stack.stop()]);
    expect(childWith("nats-server -c")).toBeNaN();
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
    expect(childWith("nats-server -c")).toBeNaN();
    const stack = await startStack({ dataFolder: folder });
    await stack.stop();
  });
});
