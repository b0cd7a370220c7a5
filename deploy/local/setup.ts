import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { fusedProgramsSource } from "#engine/optimizer/fusedPrograms.js";
import { installAddon } from "./addon.js";
import { removeAbandoned } from "./cached.js";
import { cacheFolder, modelsFolder } from "./cachePaths.js";
import { installDefaultModel } from "./defaultModel.js";
import { installNatsServer } from "./natsServer.js";
import { requireTools } from "./prerequisites.js";
import { repositoryRoot } from "./repositoryRoot.js";
import { installTensorFlow } from "./tensorflow.js";

/** The sources of one folder. */
async function sources(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".cc")).toSorted();
  return names.map((name) => join(folder, name));
}

/**
 * Everything that a local stack needs beside the dependencies: the engine, nats-server, the pretrained model. What is there already is
 * left as it is; what set-ups that were killed have left, and versions of the addons that nobody uses any more, go.
 * @throws Error that says what is missing or failed, and what to do
 */
export async function ensureSetup(): Promise<void> {
  const { compiler } = requireTools();
  await Promise.all([cacheFolder(), modelsFolder()].map((folder) => removeAbandoned(folder)));
  const engine = async () => {
    const tools = { compiler, tensorflow: await installTensorFlow() };
    const binding = join(dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-node-gpu/package.json")), "binding");
    const kernels = join(repositoryRoot, "services/engine/native");
    const addons = [
      { title: "engine binding", name: "tfjs_binding", sources: await sources(binding), flags: ["-O2"] },
      {
        title: "engine kernels",
        name: "stepwire_kernels",
        sources: await sources(kernels),
        generated: { "fused_programs.cc": fusedProgramsSource() },
        flags: ["-O3", "-fno-math-errno", "-fno-trapping-math", "-fopenmp-simd"],
      },
    ];
    await Promise.all(addons.map((addon) => installAddon(addon, tools)));
  };
  const nats = process.env.NATS_URL ? Promise.resolve() : installNatsServer();
  // All are let finish: what one has fetched is kept when another fails.
  const results = await Promise.allSettled([engine(), nats, installDefaultModel()]);
  const failed = results
    .filter((result) => result.status === "rejected")
    .map(({ reason }) => (reason instanceof Error ? reason.message : String(reason)));
  if (failed.length > 0) throw new Error(failed.join("\n"));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await ensureSetup();
    process.stderr.write("set-up: complete\n");
  } catch (error) {
    process.stderr.write(`set-up: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
