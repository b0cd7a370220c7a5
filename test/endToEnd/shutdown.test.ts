import { execFile, fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Stepwire } from "@stepwire/client";
import { describe, expect, it, onTestFinished } from "vitest";
import { isAlive } from "#local/processIdentity.js";
import { waitMs } from "../support/limits.js";
import { miniLM, sample } from "../support/localStack.js";

const run = promisify(execFile);
const start = fileURLToPath(new URL("../../dist/deploy/local/start.js", import.meta.url));

interface Process {
  pid: number;
  command: string;
}

/** The processes below one, at any depth. */
async function descendants(root: number): Promise<Process[]> {
  const { stdout } = await run("ps", ["-eo", "pid=,ppid=,args="]);
  const all = stdout
    .trim()
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .map((match) => ({ pid: Number(match?.[1]), parent: Number(match?.[2]), command: match?.[3] ?? "" }));
  const found: Process[] = [];
  const visit = (parent: number) => {
    for (const process of all)
      if (process.parent === parent && !process.command.startsWith("ps ")) {
        found.push(process);
        visit(process.pid);
      }
  };
  visit(root);
  return found;
}

/** Starts everything, a job in the middle of its training, and says which processes that took. */
async function startTraining(folder: string): Promise<{ stack: ChildProcess; processes: Process[] }> {
  const stack = fork(start, ["--private", "--data", join(folder, "data")], { stdio: ["ignore", "ignore", "ignore", "ipc"] });
  const [{ trainerAddress, evaluatorAddress }] = (await once(stack, "message")) as [{ trainerAddress: string; evaluatorAddress: string }];
  const stepwire = new Stepwire({ trainerAddress, evaluatorAddress, deadlineMs: waitMs });
  const { id } = await stepwire.datasets.import({
    columns: { text: "text", label: "label" },
    files: [{ split: "train", path: sample("train") }],
  });
  const job = await stepwire.jobs.create({
    model: miniLM(),
    dataset: { id },
    optimizer: { name: "adamw" },
    maxSteps: 1_000_000,
    batchSize: 16,
  });
  for await (const event of job.watch()) if (event.metric) break;
  stepwire.close();
  return { stack, processes: await descendants(stack.pid ?? 0) };
}

describe("a stack that ends", () => {
  for (const signal of ["SIGTERM", "SIGKILL"] as const)
    it(`leaves no process behind after ${signal}, not even a runner in the middle of a step`, async () => {
      const folder = await mkdtemp(join(tmpdir(), "stepwire-shutdown-"));
      onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));
      const { stack, processes } = await startTraining(folder);
      onTestFinished(() => void stack.kill("SIGKILL"));
      // nats-server and its guard, two services, two supervisors, one runner.
      expect(processes.map(({ command }) => command).join("\n")).toMatch(/nats-server/);
      expect(processes.filter(({ command }) => command.includes("runner/main.js"))).toHaveLength(1);
      expect(processes.length).toBeGreaterThanOrEqual(7);
      stack.kill(signal);
      await expect.poll(() => processes.filter(({ pid }) => isAlive(pid))).toEqual([]);
    });
});
