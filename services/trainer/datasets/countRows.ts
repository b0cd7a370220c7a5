import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { countCut, type CutCount } from "#core/datasets/countCut.js";
import { orAborted } from "#platform/abort.js";
import { readGroupFile } from "./groupFile.js";
import { createSlots } from "#platform/slots.js";
import { exhausted } from "#platform/exhausted.js";

/** A cut to be counted. */
export interface CountInput {
  /** The split's group file. */
  path: string;
  classes: number;
  fraction: number;
  seed: number;
}

const program = fileURLToPath(import.meta.resolve("#trainer/datasets/countThread.js"));

/** A cut of so many rows takes about 20 ms; of more, a thread of its own is worth its start. */
const rowsInPlace = 50_000;

/** A count of the largest data set takes about 100 MB for about two seconds. */
const threads = createSlots({
  atOnce: 1,
  waiting: 64,
  full: () => exhausted("TOO_MANY_CALLS", "too many jobs are being planned at once; try again later"),
});

/**
 * How many rows of a split a cut leaves to train and to validate on; the event loop stays free.
 * @param rows of the split
 * @throws the signal's reason when it is aborted
 */
export async function countRows(input: CountInput, rows: number, signal: AbortSignal): Promise<CutCount> {
  if (rows <= rowsInPlace) return countCut(await readGroupFile(input.path), input.classes, input.fraction, input.seed);
  return await threads.run(signal, async () => {
    const thread = new Worker(program, { workerData: input });
    try {
      const [counted] = (await orAborted(once(thread, "message"), signal)) as [CutCount];
      return counted;
    } finally {
      await thread.terminate();
    }
  });
}
