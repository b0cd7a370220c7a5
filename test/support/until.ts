import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { waitMs } from "./limits.js";

/** Waits until something is so, on the machine's own clock: `expect.poll` would move one that the test has replaced. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = process.uptime() + waitMs / 1000; !(await isSo()); await sleep(10))
    if (process.uptime() > end) expect.fail(`not so within ${waitMs / 1000} s: ${isSo.toString()}`);
}
