import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { loadModel } from "#engine/models/loadModel.js";
import { loadTokenizer } from "#engine/models/tokenizer.js";
import { resolveOptimizer } from "#core/optimizers/resolveOptimizer.js";
import { createOptimizer } from "#engine/optimizer/createOptimizer.js";
import { clippingFactor, globalNorm } from "#engine/training/globalNorm.js";
import { stepGradients } from "#engine/training/stepGradients.js";

// Goldens: see make_goldens.py, which makes them with torch.optim.AdamW and torch.nn.utils.clip_grad_norm_.

interface Golden {
  recipe: { learningRate: number; beta1: number; beta2: number; epsilon: number; weightDecay: number; maxGradNorm: number };
  steps: { rows: number[]; loss: number; gradNorm: number }[];
}

const goldens = new URL("goldens/", import.meta.url);
const read = async <T>(name: string) => JSON.parse(await readFile(new URL(name, goldens), "utf8")) as T;

it("20 steps of AdamW without dropout have PyTorch's losses and gradient norms", async () => {
  const { recipe, steps } = await read<Golden>("tiny-bert-adamw.json");
  const { rows } = await read<{ rows: { text: string; textPair?: string; label: number }[] }>("tiny-bert.json");
  const folder = fileURLToPath(new URL("tiny-bert", goldens));
  const model = await loadModel(folder, { kind: "sequence", outputs: 2 }, { seed: 0, field: "model" });
  const encode = await loadTokenizer(folder, 16);
  const hyperparameters = {
    learning_rate: recipe.learningRate,
    beta1: recipe.beta1,
    beta2: recipe.beta2,
    epsilon: recipe.epsilon,
    weight_decay: recipe.weightDecay,
  };
  const optimizer = createOptimizer({ optimizer: resolveOptimizer({ name: "adamw", hyperparameters }), parameters: model.parameters });
  for (const [index, golden] of steps.entries()) {
    const examples = golden.rows
      .map((row) => rows[row])
      .flatMap((row) => (row ? [{ encoding: encode(row.text, row.textPair), label: row.label }] : []));
    const { loss, gradients } = await stepGradients(model, examples, { microBatchTokens: 4096, dropout: undefined });
    const norm = globalNorm(gradients.values());
    expect(Math.abs(loss - golden.loss), `loss of step ${index + 1}`).toBeLessThan(1e-4);
    expect(Math.abs(norm / golden.gradNorm - 1), `gradient norm of step ${index + 1}`).toBeLessThan(1e-3);
    optimizer.update(gradients, {
      learningRate: recipe.learningRate,
      step: index + 1,
      gradientScale: clippingFactor(norm, recipe.maxGradNorm),
    });
    for (const gradient of gradients.values()) gradient.dispose();
  }
  optimizer.dispose();
  model.parameters.dispose();
});
