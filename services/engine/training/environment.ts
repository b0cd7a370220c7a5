import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { cpuFeatures, products } from "../precision.js";
import { onGpu, tensorflowVersion } from "../tensorflow.js";

/** What the exact numbers of a run depend on besides its inputs: the same everywhere here, the same bits there. */
export function trainingEnvironment(optimizerExecutor: string): Record<string, string> {
  return {
    tensorflow: tensorflowVersion,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    device: onGpu ? "gpu" : "cpu",
    threads: process.env.TF_NUM_INTRAOP_THREADS ?? String(availableParallelism()),
    cpu: cpuFeatures.join(" "),
    products: products(),
    optimizer: optimizerExecutor,
  };
}

/** Most resident memory this process has had, in bytes. */
export function peakMemoryBytes(): number {
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(readText("/proc/self/status"));
  // `maxRSS` is inherited over exec on Linux, so it is only asked where /proc is not.
  return 1024 * (line ? Number(line[1]) : process.resourceUsage().maxRSS);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
