import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { onGpu, tensorflowVersion } from "#engine/tensorflow.js";
import { repositoryRoot } from "#local/repositoryRoot.js";

// npm run test:gpu: parity with PyTorch and peft, layers, optimizers and training on a GPU, where models run on the kernels' twins and optimizers
// on TensorFlow's operations. Needs STEPWIRE_ENGINE=cuda at set-up. Exits 2, having tested nothing, where there is no GPU.

if (onGpu) {
  const vitest = join(createRequire(import.meta.url).resolve("vitest/package.json"), "../vitest.mjs");
  const paths = ["test/parity", "services/engine/training", "services/engine/optimizer"];
  const { status } = spawnSync(process.execPath, [vitest, "run", "--project=all", ...paths], { cwd: repositoryRoot, stdio: "inherit" });
  process.exitCode = status ?? 1;
} else {
  console.log(`there is no GPU: TensorFlow ${tensorflowVersion} runs on the processor here, so nothing was tested`);
  console.log("with an NVIDIA GPU, set up with STEPWIRE_ENGINE=cuda npm run setup, and run this again");
  process.exitCode = 2;
}
