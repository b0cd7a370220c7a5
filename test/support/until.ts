import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";

/** As long as anything is waited for: only what hangs takes it. */
const limitMs = 240_000;

/** Waits until something is so, on the machine's own clock: `expect.poll` would move one that the test has replaced. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = process.uptime() + limitMs / 1000; !(await isSo()); await sleep(10))
    if (process.uptime() > end) expect.fail(`not so within ${limitMs / 1000} s: ${isSo.toString()}`);
}
