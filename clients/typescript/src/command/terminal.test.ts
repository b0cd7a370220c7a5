import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startOnTerminal } from "../testing/pseudoTerminal.js";
import { runStepwire } from "../testing/runStepwire.js";
import { pointEvent, type ServiceServer, startServiceServer } from "../testing/serviceServer.js";

// Escape sequences of terminals.
const clearLine = "\r\u001B[K";
const succeeded = { state_change: { state: "TRAINING_JOB_STATE_SUCCEEDED" } } as const;

let server: ServiceServer;
beforeEach(async () => {
  server = await startServiceServer();
  server.answers.events = [pointEvent(1, 0.5)];
});
afterEach(() => server.close());

/** The live lines in the order they were drawn, empty ones (which clear) left out. */
function liveLines(written: string): string[] {
  return written
    .split(clearLine)
    .slice(1)
    .map((text) => text.split("\r\n")[0] ?? "")
    .filter((text) => text.startsWith("step"));
}

describe("progress on a terminal", () => {
  it("is one line that is replaced, and gone when the command ends", async () => {
    const run = startOnTerminal([...server.flags, "watch", "job"], 100);
    await expect.poll(run.written).toContain("step 1/2  loss 0.5000");
    server.send(pointEvent(2, 0.25));
    await expect.poll(run.written).toContain("step 2/2  loss 0.2500");
    server.send(succeeded);
    expect(await run.exitCode()).toBe(0);
    // What is said for good stands above the line, results come after it was cleared.
    expect(run.written()).toContain(`0:00 left${clearLine}training job job is SUCCEEDED\r\n${clearLine}step 2/2`);
    expect(run.written()).toContain(`0:00 left${clearLine}training job job (adamw on all-MiniLM-L6-v2) SUCCEEDED\r\n`);
  });

  it("leaves the last column free, however narrow the terminal is, and follows its size", async () => {
    const run = startOnTerminal([...server.flags, "watch", "job"], 12);
    await expect.poll(() => liveLines(run.written())).toEqual(["step 1/2  …"]);
    run.resize(17);
    await expect.poll(() => liveLines(run.written())).toEqual(["step 1/2  …", "step 1/2  loss …"]);
    run.resize(80);
    await expect.poll(() => liveLines(run.written()).at(-1)).toBe("step 1/2  loss 0.5000");
    server.send(succeeded);
    expect(await run.exitCode()).toBe(0);
  });

  it("is cleared before an error is said", async () => {
    server.answers.evaluation = { id: "e", state: "EVALUATION_STATE_FAILED", error: { code: "GONE", message: "the checkpoint is gone" } };
    const run = startOnTerminal([...server.flags, "evaluate", "job"], 80);
    expect(await run.exitCode()).toBe(1);
    expect(run.written()).toContain(`evaluating job on what it validated on${clearLine}stepwire: Evaluation "e" FAILED`);
  });

  it("ends with 130 on Ctrl-C, with an empty line for the shell's prompt", async () => {
    const run = startOnTerminal([...server.flags, "watch", "job"], 80);
    await expect.poll(run.written).toContain("step 1/2");
    run.interrupt();
    expect(await run.exitCode()).toBe(130);
    expect(run.written().endsWith(clearLine)).toBe(true);
  });

  it("is plain lines on a terminal that cannot replace them, and in a file", async () => {
    server.answers.events = [pointEvent(1, 0.5), succeeded];
    const dumb = startOnTerminal([...server.flags, "watch", "job"], 80, { TERM: "dumb" });
    expect(await dumb.exitCode()).toBe(0);
    expect(dumb.written()).toContain("step 1/2  loss 0.5000\r\n");
    const { stdout, stderr } = await runStepwire([...server.flags, "watch", "job"]);
    expect(stderr).toContain("step 1/2  loss 0.5000\n");
    for (const text of [dumb.written(), stdout, stderr]) expect(text).not.toContain("\u001B");
  });

  it("has no colours, whatever the environment asks for", async () => {
    server.answers.events = [pointEvent(1, 0.5), succeeded];
    for (const environment of [{ FORCE_COLOR: "1" }, { NO_COLOR: "1" }, {}]) {
      const run = startOnTerminal([...server.flags, "watch", "job"], 80, environment);
      expect(await run.exitCode()).toBe(0);
      expect(run.written().replaceAll(clearLine, "")).not.toContain("\u001B");
    }
  });
});
