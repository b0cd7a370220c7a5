import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createLogger } from "#platform/logger.js";
import { type RunnerMessage, startRunner } from "#platform/runnerProcess.js";
import { superviseRunner } from "#platform/superviseRunner.js";
import { until } from "../support/until.js";
import { compiledFixture } from "./compiled.js";

type Mode = "busy" | "downloads" | "echo" | "steps";

const options = (mode: Mode) => ({
  script: compiledFixture("sampleRunner"),
  logger: createLogger("test", "silent"),
  input: { mode },
});

function supervise(mode: Mode, limits: { stopMs?: number; stallMs?: number } = {}) {
  const [stopping, killing] = [new AbortController(), new AbortController()];
  const messages: RunnerMessage[] = [];
  const exited = superviseRunner({
    ...options(mode),
    onMessage: (message) => messages.push(message),
    stop: stopping.signal,
    stopMs: limits.stopMs ?? 3_600_000,
    kill: killing.signal,
    ...(limits.stallMs !== undefined && { stallMs: limits.stallMs }),
  });
  return { stopping, killing, messages, exited };
}

it("asks a runner to stop, which what waits in it notices at once", async () => {
  const { stopping, messages, exited } = supervise("downloads");
  await expect.poll(() => messages.length).toBe(1);
  stopping.abort();
  expect(await exited).toEqual({ code: 0, signal: null });
});

it("kills a runner that does not stop in time", async () => {
  const { stopping, messages, exited } = supervise("busy", { stopMs: 300 });
  await expect.poll(() => messages.length).toBe(1);
  const asked = performance.now();
  stopping.abort();
  expect(await exited).toEqual({ code: null, signal: "SIGKILL" });
  expect(performance.now() - asked).toBeGreaterThan(290);
});

it("kills a runner at once, and stops one that was asked before it began", async () => {
  const busy = supervise("busy");
  await expect.poll(() => busy.messages.length).toBe(1);
  busy.killing.abort();
  expect(await busy.exited).toEqual({ code: null, signal: "SIGKILL" });
  const late = supervise("downloads");
  late.stopping.abort();
  expect(await late.exited).toEqual({ code: 0, signal: null });
});

describe("a runner's silence", () => {
  // Counted on a clock of the test's own, so that a busy machine does not look like one that hangs.
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
  afterEach(() => void vi.useRealTimers());

  it.each(["busy", "downloads"] as const)("ends it when it makes no progress, whether its event loop turns or not (%s)", async (mode) => {
    const { messages, exited } = supervise(mode, { stallMs: 10_000 });
    await until(() => messages.length === 1);
    vi.advanceTimersByTime(10_000);
    expect(await exited).toEqual({ code: null, signal: "SIGKILL", stalled: true });
    expect(messages).toHaveLength(1);
  });

  it("does not end it while it advances without a word, in the middle of a long synchronous call", async () => {
    const messages: RunnerMessage[] = [];
    const runner = startRunner({ ...options("steps"), onMessage: (message) => messages.push(message), stallMs: 10_000 });
    await until(() => messages.length === 1);
    for (let time = 0; time < 2; time++) {
      vi.advanceTimersByTime(9000);
      expect(runner.quietMs()).toBe(9000);
      await until(() => runner.quietMs() === 0);
    }
    runner.kill();
    expect(await runner.exited).toEqual({ code: null, signal: "SIGKILL" });
    // Signs of life are nobody else's business.
    expect(messages.map(({ type }) => type)).toEqual(["echo"]);
  });

  it("is not counted while it starts, for two minutes", async () => {
    const runner = startRunner({ ...options("echo"), onMessage: () => undefined, stallMs: 10_000 });
    process.kill(runner.pid, "SIGSTOP");
    vi.advanceTimersByTime(129_000);
    expect(runner.quietMs()).toBe(9000);
    vi.advanceTimersByTime(1000);
    expect(await runner.exited).toEqual({ code: null, signal: "SIGKILL", stalled: true });
  });
});

it("leaves no listener on the signals that it was given", async () => {
  const { stopping, killing, exited } = supervise("echo");
  await exited;
  expect([getEventListeners(stopping.signal, "abort"), getEventListeners(killing.signal, "abort")]).toEqual([[], []]);
});
