import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseModelConfig } from "#core/models/modelConfig.js";
import { bodyShapes, headShapes } from "#core/models/modelParameters.js";
import { bytesOf, writeSafetensors } from "#engine/models/writeSafetensors.js";

/** Fills a folder with a model of the family of another one, of other sizes: its tokenizer, its configuration with changes, and weights of no meaning. */
export async function generateModel(folder: string, source: string, changes: Readonly<Record<string, unknown>>): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const name of ["tokenizer.json", "tokenizer_config.json"]) await copyFile(join(source, name), join(folder, name));
  const json = { ...(JSON.parse(await readFile(join(source, "config.json"), "utf8")) as Record<string, unknown>), ...changes };
  await writeFile(join(folder, "config.json"), JSON.stringify(json));
  const { config, faults } = parseModelConfig(json, "config");
  if (!config) throw new Error(JSON.stringify(faults));
  const languageHead = "tied" in config ? headShapes(config, { task: "causal_lm" }) : [];
  const tensors = [...bodyShapes(config), ...languageHead].map(([name, shape]) => ({
    ...{ name, dtype: "F32" as const, shape },
    bytes: () => {
      const values = new Float32Array(shape.reduce((product, axis) => product * axis, 1));
      // Norms stand for themselves, the rest is small.
      if (shape.length === 1 && name.endsWith("weight")) values.fill(1);
      else for (let at = 0; at < values.length; at++) values[at] = (((at * 7919) % 1009) / 1009 - 0.5) / 20;
      return bytesOf(values);
    },
  }));
  await writeSafetensors(join(folder, "model.safetensors"), tensors, { metadata: { format: "pt" }, shouldStop: () => false });
  return folder;
}
