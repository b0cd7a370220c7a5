import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { afterAll, beforeAll, expect, it } from "vitest";
import { countCut } from "#core/datasets/countCut.js";
import { countRows } from "#trainer/datasets/countRows.js";
import { readGroupFile, writeGroupFile } from "#trainer/datasets/groupFile.js";
import { costOfTurns } from "../support/cpuTime.js";

// The thread that counts is the compiled file (`npx tsc -b`).

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-count-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const never = new AbortController().signal;

/** A tenth of the rows are copies of earlier ones. */
async function groupFile(rows: number): Promise<string> {
  const path = join(folder, `${rows}.groups`);
  const groups = Uint32Array.from({ length: rows }, (_, row) => row - Math.floor(row / 10) - (row % 10 === 9 ? 1 : 0));
  await writeGroupFile(path, { groups, labels: groups.map((group) => group % 3) });
  return path;
}

it.each([10, 50_000, 120_000])("counts a cut of %i rows as `countCut` does", async (rows) => {
  const path = await groupFile(rows);
  const input = { path, classes: 3, fraction: 0.2, seed: 5 };
  expect(await countRows(input, rows, never)).toEqual(countCut(await readGroupFile(path), 3, 0.2, 5));
});

it("leaves the event loop free, however many rows there are", async () => {
  const path = await groupFile(3_000_000);
  const { result, longest } = await costOfTurns(() => countRows({ path, classes: 3, fraction: 0.1, seed: 1 }, 3_000_000, never));
  expect(result.train + result.validation).toBe(3_000_000);
  expect(longest).toBeLessThan(10);
});

it("ends when its caller is gone, and says why it failed", async () => {
  const path = await groupFile(3_000_000);
  const gone = new AbortController();
  const counting = countRows({ path, classes: 3, fraction: 0.1, seed: 1 }, 3_000_000, gone.signal);
  // Before this loop turns, and can read an answer.
  const [thread] = (await once(process, "worker")) as [Worker];
  gone.abort(new Error("gone"));
  await expect(counting).rejects.toThrow("gone");
  expect(thread.threadId).toBe(-1);
  await expect(countRows({ path: join(folder, "nowhere"), classes: 3, fraction: 0.1, seed: 1 }, 60_000, never)).rejects.toThrow("ENOENT");
});
