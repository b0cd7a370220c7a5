import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { isHeld, isMine, keepLease, type KeptLease, newLease } from "./lease.js";

// On a clock of the test's own: when a lease is renewed and lost is a matter of time, which a busy machine has not.

const kept: KeptLease[] = [];
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  for (const lease of kept.splice(0)) lease.release();
  vi.useRealTimers();
});

function keep(renew: () => Promise<boolean>) {
  const errors: unknown[] = [];
  const leaseSeconds = 3;
  const claimed = { lease: newLease({ owner: "me", leaseSeconds }) };
  const lease = keepLease({ claimed, leaseSeconds, renew }, (error) => errors.push(error));
  kept.push(lease);
  return { lease, errors };
}

it("is held until it expires", async () => {
  const lease = newLease({ owner: "me", leaseSeconds: 0.1 });
  expect([isHeld({ lease }), isHeld({})]).toEqual([true, false]);
  await vi.advanceTimersByTimeAsync(99);
  expect(isHeld({ lease })).toBe(true);
  await vi.advanceTimersByTimeAsync(1);
  expect(isHeld({ lease })).toBe(false);
});

it("belongs to one attempt of one job", () => {
  const claimed = { uid: "a", attempt: 2 };
  expect(isMine({ uid: "a", attempt: 2 }, claimed)).toBe(true);
  expect(isMine({ uid: "a", attempt: 3 }, claimed)).toBe(false);
  expect(isMine({ uid: "b", attempt: 2 }, claimed)).toBe(false);
});

it("is renewed at every third of its length, and kept", async () => {
  let renewals = 0;
  const { lease } = keep(async () => ++renewals > 0);
  await vi.advanceTimersByTimeAsync(10_500);
  expect(renewals).toBe(10);
  expect(lease.lost.aborted).toBe(false);
});

it("is lost at its end, neither earlier nor later, when no renewal is answered", async () => {
  let asked = 0;
  const { lease } = keep(() => {
    asked++;
    return new Promise(() => undefined);
  });
  await vi.advanceTimersByTimeAsync(2999);
  expect(lease.lost.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(lease.lost.aborted).toBe(true);
  // A question at a time: those who wait for an answer do not pile up.
  expect(asked).toBe(1);
});

it("is lost at once when its process slept past its end, before anything else is done under it", async () => {
  const { lease } = keep(async () => true);
  vi.setSystemTime(Date.now() + 60_000);
  await vi.advanceTimersByTimeAsync(1000);
  expect(lease.lost.aborted).toBe(true);
});

it("survives renewals that fail when a later one succeeds, and says what failed", async () => {
  let asked = 0;
  const { lease, errors } = keep(async () => {
    if (++asked % 2 === 1) throw new Error(`away ${asked}`);
    return true;
  });
  await vi.advanceTimersByTimeAsync(30_000);
  expect(lease.lost.aborted).toBe(false);
  expect(errors[0]).toEqual(new Error("away 1"));
});

it("is lost at once when a renewal finds that it is another's, or when somebody says so", async () => {
  const found = keep(async () => false);
  await vi.advanceTimersByTimeAsync(1000);
  expect(found.lease.lost.aborted).toBe(true);
  const told = keep(async () => true);
  told.lease.lose();
  expect(told.lease.lost.aborted).toBe(true);
});

it("is neither renewed nor lost once it was let go", async () => {
  let asked = 0;
  const { lease } = keep(async () => ++asked > 0);
  lease.release();
  lease.lose();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([asked, lease.lost.aborted]).toEqual([0, false]);
});
