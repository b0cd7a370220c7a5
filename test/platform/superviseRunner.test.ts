import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { createLogger } from "#platform/logger.js";
import type { RunnerMessage } from "#platform/runnerProcess.js";
import { superviseRunner } from "#platform/superviseRunner.js";
import { compiledFixture } from "./compiled.js";

type Mode = "busy" | "downloads" | "echo" | "steps";

function supervise(mode: Mode, limits: { stopMs?: number; stallMs?: number } = {}) {
  const [stopping, killing] = [new AbortController(), new AbortController()];
  const messages: RunnerMessage[] = [];
  const exited = superviseRunner({
    script: compiledFixture("sampleRunner"),
    logger: createLogger("test", "silent"),
    input: { mode },
    onMessage: (message) => messages.push(message),
    stop: stopping.signal,
    stopMs: limits.stopMs ?? 60_000,
    kill: killing.signal,
    ...(limits.stallMs !== undefined && { stallMs: limits.stallMs }),
  });
  return { stopping, killing, messages, exited };
}

it("asks a runner to stop, which what waits in it notices at once", async () => {
  const { stopping, messages, exited } = supervise("downloads");
  await expect.poll(() => messages.length, { timeout: 20_000 }).toBe(1);
  const asked = performance.now();
  stopping.abort();
  expect(await exited).toEqual({ code: 0, signal: null });
  expect(performance.now() - asked).toBeLessThan(500);
});

it("kills a runner that does not stop in time", async () => {
  const { stopping, messages, exited } = supervise("busy", { stopMs: 300 });
  await expect.poll(() => messages.length, { timeout: 20_000 }).toBe(1);
  const asked = performance.now();
  stopping.abort();
  expect(await exited).toEqual({ code: null, signal: "SIGKILL" });
  expect(performance.now() - asked).toBeGreaterThan(290);
  expect(performance.now() - asked).toBeLessThan(2000);
});

it("kills a runner at once, and stops one that was asked before it began", async () => {
  const busy = supervise("busy");
  await expect.poll(() => busy.messages.length, { timeout: 20_000 }).toBe(1);
  busy.killing.abort();
  expect(await busy.exited).toEqual({ code: null, signal: "SIGKILL" });
  const late = supervise("downloads");
  late.stopping.abort();
  expect(await late.exited).toEqual({ code: 0, signal: null });
});

it.each(["busy", "downloads"] as const)("kills a runner that makes no progress, whether its event loop turns or not (%s)", async (mode) => {
  const { messages, exited } = supervise(mode, { stallMs: 1000 });
  expect(await exited).toEqual({ code: null, signal: "SIGKILL", stalled: true });
  expect(messages).toHaveLength(1);
});

it("leaves alone a runner that advances without a word, in the middle of a long synchronous call", async () => {
  const { messages, exited } = supervise("steps", { stallMs: 2500 });
  expect(await exited).toEqual({ code: 0, signal: null });
  // Signs of life are nobody else's business.
  expect(messages.map(({ type }) => type)).toEqual(["echo"]);
});

it("leaves no listener on the signals that it was given", async () => {
  const { stopping, killing, exited } = supervise("echo");
  await exited;
  expect([getEventListeners(stopping.signal, "abort"), getEventListeners(killing.signal, "abort")]).toEqual([[], []]);
});
