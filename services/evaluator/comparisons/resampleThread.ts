import { parentPort } from "node:worker_threads";
import { resampleMeans } from "#core/statistics/resampling/resampleMeans.js";
import type { ResampleTask } from "./resampler.js";

// Draws resamples for whoever started this thread.

parentPort?.on("message", ({ values, means, done, seed, from, to }: ResampleTask) => {
  means.set(resampleMeans(values, { seed, from, to }));
  Atomics.add(done, 0, 1);
  Atomics.notify(done, 0);
});
