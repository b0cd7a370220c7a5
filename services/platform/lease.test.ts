import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { isHeld, isMine, keepLease, type KeptLease, newLease } from "./lease.js";

const kept: KeptLease[] = [];
afterEach(() => kept.splice(0).forEach((lease) => lease.release()));

function keep(renew: () => Promise<boolean>, leaseSeconds = 0.3) {
  const errors: unknown[] = [];
  const claimed = { lease: newLease({ owner: "me", leaseSeconds }) };
  const started = performance.now();
  const lease = keepLease({ claimed, leaseSeconds, renew }, (error) => errors.push(error));
  kept.push(lease);
  const lostAfter = new Promise<number>((resolve) => lease.lost.addEventListener("abort", () => resolve(performance.now() - started)));
  return { lease, errors, lostAfter };
}

it("is held until it expires", async () => {
  const lease = newLease({ owner: "me", leaseSeconds: 0.1 });
  expect([isHeld({ lease }), isHeld({})]).toEqual([true, false]);
  await sleep(120);
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
  await sleep(1000);
  expect(renewals).toBeGreaterThanOrEqual(7);
  expect(renewals).toBeLessThanOrEqual(10);
  expect(lease.lost.aborted).toBe(false);
});

it("is lost at its end, neither earlier nor later, when no renewal is answered", async () => {
  let asked = 0;
  const { lostAfter } = keep(() => {
    asked++;
    return new Promise(() => undefined);
  });
  const after = await lostAfter;
  expect(after).toBeGreaterThan(270);
  expect(after).toBeLessThan(400);
  // A question at a time: those who wait for an answer do not pile up.
  expect(asked).toBe(1);
});

it("survives renewals that fail when a later one succeeds, and says what failed", async () => {
  let asked = 0;
  const { lease, errors } = keep(async () => {
    if (++asked % 2 === 1) throw new Error(`away ${asked}`);
    return true;
  });
  await sleep(900);
  expect(lease.lost.aborted).toBe(false);
  expect(errors[0]).toEqual(new Error("away 1"));
});

it("is lost at once when a renewal finds that it is another's, or when somebody says so", async () => {
  const found = keep(async () => false, 1.5);
  expect(await found.lostAfter).toBeLessThan(700);
  const told = keep(async () => true, 1.5);
  told.lease.lose();
  expect(told.lease.lost.aborted).toBe(true);
});

it("is neither renewed nor lost once it was let go", async () => {
  let asked = 0;
  const { lease } = keep(async () => ++asked > 0);
  lease.release();
  lease.lose();
  await sleep(500);
  expect([asked, lease.lost.aborted]).toEqual([0, false]);
});
