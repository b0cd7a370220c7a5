import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { resolveOptimizer } from "#core/optimizers/resolveOptimizer.js";
import { validateOptimizer } from "#core/optimizers/validateOptimizer.js";
import { Cancelled } from "../cancellation.js";
import { loadModel } from "../models/loadModel.js";
import { loadTokenizer } from "../models/tokenizer.js";
import { createOptimizer } from "../optimizer/createOptimizer.js";
import { tf } from "../tensorflow.js";
import { takeGradients } from "./takeGradients.js";

const folder = fileURLToPath(new URL("../../../test/parity/goldens/tiny-bert", import.meta.url));

/** A model with SAM around AdamW, and two examples that are a micro-batch each. */
async function start() {
  const model = await loadModel(folder, { task: "classification", classes: 2 }, { seed: 0, field: "model" });
  const wrappers = [{ name: "sharpness_aware", hyperparameters: {} }];
  const { selection } = validateOptimizer({ name: "adamw", wrappers }, "optimizer");
  const optimizer = createOptimizer({ optimizer: resolveOptimizer(selection), parameters: model.parameters });
  const encode = await loadTokenizer(folder, 32);
  const examples = ["a good film with a warm heart", "a good film with a thin heart"].map((text, label) => ({
    ...{ encoding: encode(text), label, completion: 1 },
  }));
  /** What is asked between the micro-batches of each of the two points. */
  const take = (shouldStop: () => boolean) =>
    takeGradients(model, optimizer, examples, { microBatchTokens: 8, seed: 1, step: 1, learningRate: 1e-3, shouldStop });
  return { model, optimizer, take };
}

describe("the gradients of a step that takes them beside the parameters", () => {
  it("are kept of one point at a time, beside a second copy of the parameters", async () => {
    const { model, optimizer, take } = await start();
    const bytes: number[] = [];
    const { gradients } = await take(() => {
      bytes.push(tf.memory().numBytes);
      return false;
    });
    const [atParameters = Number.NaN, beside = Number.NaN] = bytes;
    const parameters = model.parameters.names.reduce((sum, name) => sum + 4 * model.parameters.get(name).size, 0);
    expect(bytes.length).toBe(2);
    expect(beside - atParameters).toBe(parameters);
    tf.dispose([...gradients.values()].map((gradient) => ("rows" in gradient ? gradient.rows : gradient)));
    optimizer.dispose();
    model.parameters.dispose();
  });

  it("leave nothing behind when the work is stopped at either point", async () => {
    const { model, optimizer, take } = await start();
    const before = tf.memory().numTensors;
    for (const allowed of [0, 1]) {
      let asked = 0;
      await expect(take(() => asked++ >= allowed)).rejects.toThrow(Cancelled);
      expect(tf.memory().numTensors).toBe(before);
    }
    optimizer.dispose();
    model.parameters.dispose();
  });
});
