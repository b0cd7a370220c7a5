import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { resampleMeans, type ResampleRange } from "#core/statistics/resampling/resampleMeans.js";

/** What a thread is asked for: numbers and their sums in shared memory, and a word that says when it is done. */
export interface ResampleTask extends ResampleRange {
  values: Float64Array;
  means: Float64Array;
  done: Int32Array;
}

/** Draws means of resamples on several threads, the same as on one. */
export interface Resampler {
  /** Waits for the threads: for a process or a thread that has nothing else to do. */
  drawMeans(values: Float64Array, range: ResampleRange): Float64Array;
  close(): Promise<void>;
}

/** Fewer draws than these are made sooner than a thread is asked. */
const fewestDraws = 2_000_000;

/** A thread that died says nothing to one that waits. */
const patienceMs = 600_000;

/** @param threads this one included */
export function createResampler(threads: number): Resampler {
  const script = fileURLToPath(import.meta.resolve("#evaluator/comparisons/resampleThread.js"));
  // Started when they are needed: a comparison of right and wrong answers needs none.
  let workers: Worker[] | undefined;
  const started = () => (workers ??= Array.from({ length: threads - 1 }, () => new Worker(script)));
  return {
    drawMeans: (values, range) => {
      const count = range.to - range.from;
      if (threads < 2 || count * values.length < fewestDraws) return resampleMeans(values, range);
      const shared = new Float64Array(new SharedArrayBuffer(values.byteLength));
      shared.set(values);
      const means = new Float64Array(new SharedArrayBuffer(8 * count));
      const done = new Int32Array(new SharedArrayBuffer(4));
      const helpers = started();
      const cut = (part: number) => range.from + Math.round((count * part) / threads);
      for (const [index, worker] of helpers.entries()) {
        const [from, to] = [cut(index + 1), cut(index + 2)];
        const task: ResampleTask = {
          seed: range.seed,
          from,
          to,
          values: shared,
          means: means.subarray(from - range.from, to - range.from),
          done,
        };
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
        worker.postMessage(task);
      }
      means.set(resampleMeans(values, { seed: range.seed, from: range.from, to: cut(1) }));
      for (let finished = Atomics.load(done, 0); finished < helpers.length; finished = Atomics.load(done, 0))
        if (Atomics.wait(done, 0, finished, patienceMs) === "timed-out")
          throw new Error(`a thread drew no resamples for ${patienceMs / 1000} s`);
      return Float64Array.from(means);
    },
    close: async () => {
      await Promise.all((workers ?? []).map((worker) => worker.terminate()));
    },
  };
}
