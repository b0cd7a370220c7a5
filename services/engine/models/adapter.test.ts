import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { adapterNames } from "#core/models/adapter.js";
import { goldens } from "../../../test/parity/support.js";
import { tf } from "../tensorflow.js";
import { adaptModel, mergedParameters } from "./adapter.js";
import { loadModel } from "./loadModel.js";
import { saveModel } from "./saveModel.js";
import { weightsDigest } from "./weightsDigest.js";

const sourceFolder = join(goldens, "tiny-bert");

describe("a model that is saved with its adapter", () => {
  it("has one merged weight in memory at a time, and the digest of what was saved", async () => {
    const folder = await mkdtemp(join(tmpdir(), "stepwire-merged-"));
    const task = { task: "classification", classes: ["a", "b"] } as const;
    const loaded = await loadModel(sourceFolder, { task: "classification", classes: 2 }, { seed: 1, field: "model" });
    const lora = { rank: 4, alpha: 8, dropout: 0, targets: ["all-linear"], rslora: false };
    const model = adaptModel(loaded, lora, { seed: 1, field: "targets" });
    for (const { name, outputs } of model.layers)
      model.parameters.set(
        adapterNames.b(name),
        Float32Array.from({ length: outputs * 4 }, (_, place) => Math.sin(place)),
        [outputs, 4],
      );
    const before = tf.memory().numTensors;
    let most = 0;
    const shouldStop = () => {
      most = Math.max(most, tf.memory().numTensors - before);
      return false;
    };
    const merged = mergedParameters(model);
    const digest = await saveModel(folder, { sourceFolder, task, parameters: merged.parameters, shouldStop });
    expect(model.layers.length).toBeGreaterThan(10);
    expect(most).toBe(1);
    merged.dispose();
    expect(tf.memory().numTensors).toBe(before);
    const unmerged = await weightsDigest({ names: merged.parameters.names, get: model.parameters.get });
    model.parameters.dispose();

    const saved = await loadModel(folder, { task: "classification", classes: 2 }, { seed: 2, field: "model" });
    expect(await weightsDigest(saved.parameters)).toBe(digest);
    expect(digest).not.toBe(unmerged);
    saved.parameters.dispose();
    await rm(folder, { recursive: true });
  });
});
