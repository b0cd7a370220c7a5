import { execFile } from "node:child_process";
import { availableParallelism, cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Says which machine this is and how fast it multiplies right now, so that times of different machines can be compared. */
export async function describeMachine(): Promise<string> {
  const timed = await run(process.execPath, [fileURLToPath(import.meta.resolve("./timeProduct.js"))]).then(
    ({ stdout }) => `${stdout.trim()} GFLOPS`,
    (error: unknown) => `cannot be computed: ${String(error)}`,
  );
  const [processor] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return (
    `machine: ${processor?.model.trim() ?? "unknown processor"}, ${availableParallelism()} cores, ${memory} GiB, Node ${process.versions.node}; ` +
    `one product of 2048 x 2048: ${timed}`
  );
}
