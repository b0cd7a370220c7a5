import { expect, it } from "vitest";
import { pollUntil } from "./pollUntil.js";

it("says that the caller ended it, also between two questions", async () => {
  const signal = AbortSignal.timeout(50);
  const ended = new AbortController();
  signal.addEventListener("abort", () => ended.abort());
  const waiting = pollUntil(
    () => Promise.resolve(1),
    () => false,
    ended.signal,
  );
  await expect(waiting).rejects.toMatchObject({ code: "CANCELLED", reason: "ABORTED_BY_CALLER" });
});
