import { StepwireError } from "@stepwire/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createLogger } from "#platform/logger.js";
import { patiently } from "./patiently.js";

const parts = { logger: createLogger("test", "silent") };

describe("a service that is asked patiently", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each(["UNAVAILABLE", "DEADLINE_EXCEEDED"] as const)("is asked again as long as it answers %s, for hours", async (code) => {
    let asked = 0;
    const answer = patiently(parts, new AbortController().signal, () =>
      ++asked > 500 ? Promise.resolve("an answer") : Promise.reject(new StepwireError(code, "away")),
    );
    await vi.advanceTimersByTimeAsync(6 * 3_600_000);
    expect(await answer).toBe("an answer");
    expect(asked).toBe(501);
  });

  it("is not asked again when that does not help", async () => {
    const refusal = new StepwireError("NOT_FOUND", "there is none");
    await expect(patiently(parts, new AbortController().signal, () => Promise.reject(refusal))).rejects.toBe(refusal);
  });

  it("is not asked again once that has to stop", async () => {
    const stopping = new AbortController();
    let asked = 0;
    const answer = patiently(parts, stopping.signal, () => {
      asked++;
      return Promise.reject(new StepwireError("UNAVAILABLE", "away"));
    });
    const ended = answer.catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(10_000);
    const before = asked;
    stopping.abort(new Error("the worker ends"));
    await vi.advanceTimersByTimeAsync(100_000);
    expect(await ended).toMatchObject({ message: "the worker ends" });
    expect(asked).toBe(before);
  });
});
