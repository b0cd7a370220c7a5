import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isDecoder } from "#core/models/modelConfig.js";
import type { ModelHead } from "#core/models/modelParameters.js";
import { goldens } from "../../../test/parity/support.js";
import type { Gradient } from "../gradient.js";
import { loadKernels } from "../kernels.js";
import { denseGradient, normal, numbers, paths } from "../layers/tapeOracle.js";
import { tf } from "../tensorflow.js";
import { adaptModel } from "./adapter.js";
import * as causalModel from "./causalModel.js";
import { loadModel, type LoadedModel } from "./loadModel.js";
import type { Model } from "./model.js";
import { disposeBatch, packBatch } from "./packBatch.js";
import { lossAndGradients } from "./sequenceModel.js";

// What a backward pass keeps and reaches must not change what it gives.

const sequences = [
  [5, 9, 2, 7],
  [3, 8, 8, 1, 4, 6, 2],
].map((ids) => ({ ids, types: ids.map(() => 0), completion: 2 }));
const classes: ModelHead = { task: "classification", classes: 2 };
const tokens: ModelHead = { task: "causal_lm" };

const models: [string, ModelHead][] = [
  ["bert", classes],
  ["distilbert", classes],
  ["roberta", classes],
  ["gpt2", classes],
  ["gpt2", tokens],
  ["llama", classes],
  ["llama", tokens],
  ["qwen2", tokens],
];

async function load(family: string, head: ModelHead): Promise<LoadedModel> {
  return await loadModel(join(goldens, `tiny-${family}`), head, { seed: 1, field: "model" });
}

/** As `passOnce`; no tensor is left behind, but for the few that the first pass of a process makes for all that follow. */
function pass(model: Model, step = 4): Pass {
  passOnce(model, step);
  const before = tf.memory().numTensors;
  const given = passOnce(model, step);
  expect(tf.memory().numTensors).toBe(before);
  return given;
}

interface Pass {
  lossSum: number;
  gradients: Map<string, number[]>;
}

/** One pass with dropout: the loss and the numbers of the gradients. */
function passOnce(model: Model, step: number): Pass {
  const gradients = new Map<string, number[]>();
  const options = {
    lossWeight: 0.25,
    key: { seed: 3, step, microBatch: 0 },
    sink(name: string, gradient: Gradient) {
      const whole = denseGradient(gradient);
      const earlier = gradients.get(name);
      gradients.set(
        name,
        numbers(whole).map((value, index) => value + (earlier?.[index] ?? 0)),
      );
      whole.dispose();
      gradient.dispose();
    },
  };
  const { config } = model;
  const batch = packBatch(sequences, config);
  const { lossSum } =
    model.head.task === "causal_lm" && isDecoder(config)
      ? causalModel.lossAndGradients({ ...model, config }, batch, sequences, options)
      : lossAndGradients(model, batch, { ...options, targets: [1, 0] });
  disposeBatch(batch);
  return { lossSum, gradients };
}

it("has kernels to test", () => expect(loadKernels()).toEqual({ available: true }));

describe.each(paths)("on the %s", (_path, on) => {
  describe.each(models)("%s, %o", (family, head) => {
    it("layers that are computed again give the same bits", async () => {
      const model = await load(family, head);
      const kept = on(() => pass(model));
      const again = on(() => pass({ ...model, recomputes: true }));
      expect(kept.gradients.size).toBe(model.parameters.names.length);
      expect(again).toEqual(kept);
      model.parameters.dispose();
    });

    it("an adapter drops the same of its inputs when layers are computed again, and other numbers in another step", async () => {
      const model = await load(family, head);
      const lora = { rank: 4, alpha: 4, dropout: 0.5, targets: [], rslora: false };
      const adapted = adaptModel(model, lora, { seed: 1, field: "targets" });
      // With b at zero, as it starts, a has no gradient.
      for (const name of adapted.parameters.names.filter((each) => each.includes(".lora_B.")))
        adapted.parameters.assign(name, normal(adapted.parameters.get(name).shape, 1));
      const kept = on(() => pass(adapted));
      expect(on(() => pass({ ...adapted, recomputes: true }))).toEqual(kept);
      expect([...kept.gradients.keys()].toSorted()).toEqual([...(adapted.trained ?? [])].toSorted());
      expect(on(() => pass(adapted, 5)).lossSum).not.toBe(kept.lossSum);
      expect(on(() => pass(adapted, 4)).lossSum).toBe(kept.lossSum);
      model.parameters.dispose();
    });

    it("what is trained gets the same gradient, whatever else is", async () => {
      const model = await load(family, head);
      const all = on(() => pass(model));
      const { names } = model.parameters;
      // From the whole model to its head alone, and single parameters of each kind: the norm before a layer is computed below it.
      const suffixes = [...new Set(names.map((name) => name.replace(/^.*\.(?=[^.]+\.[^.]+$)/, "")))];
      const sets = [
        ...names.map((_, index) => names.slice(index)),
        ...suffixes.map((suffix) => names.filter((name) => name.endsWith(suffix))),
      ];
      for (const set of sets.filter((_, index) => index % 3 === 0 || index > names.length))
        for (const recomputes of [false, true]) {
          const some = on(() => pass({ ...model, trained: new Set(set), recomputes }));
          expect(some.lossSum).toBe(all.lossSum);
          expect([...some.gradients.keys()].toSorted()).toEqual(set.toSorted());
          for (const [name, values] of some.gradients) expect(values, name).toEqual(all.gradients.get(name));
        }
      model.parameters.dispose();
    });
  });
});
