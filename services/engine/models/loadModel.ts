import { open } from "node:fs/promises";
import { join } from "node:path";
import {
  classifierBias,
  classifierShapes,
  classifierWeight,
  encoderShapes,
  poolerBias,
  poolerWeight,
} from "#core/models/bertParameters.js";
import { randomBits } from "#core/random.js";
import { createParameterStore, type ParameterStore } from "../parameterStore.js";
import { runOp, tf } from "../tensorflow.js";
import type { BertClassifier } from "./bertClassifier.js";
import { inspectModel } from "./inspectModel.js";
import { readFloats, refuse } from "./modelFiles.js";

/** A loaded model; `created` names the parameters that the folder did not hold and that were made from the seed. */
export interface LoadedModel extends BertClassifier {
  parameters: ParameterStore;
  classes: number;
  created: string[];
}

/**
 * Reads a Hugging Face folder into the engine. A classifier of the folder is used when it has as many classes; otherwise a new one is
 * drawn from a normal distribution of the model's `initializer_range`, its bias 0, as `transformers` does.
 * @param classes how many; `undefined`: as many as the folder's classifier has
 * @param options.seed of what is drawn
 * @param options.field the path that faults are reported under
 * @throws FaultError with everything that is wrong with the folder
 */
export async function loadModel(
  folder: string,
  classes: number | undefined,
  options: { seed: number; field: string },
): Promise<LoadedModel> {
  const { config, tensors } = await inspectModel(folder, options.field);
  const stored = tensors.get(classifierBias)?.shape[0];
  const count = classes ?? stored;
  if (count === undefined) {
    refuse([
      {
        field: options.field,
        reason: "MISSING_TENSOR",
        description: `"${folder}" has no classifier; it is an encoder that was not fine-tuned`,
      },
    ]);
    throw new Error("unreachable");
  }
  const parameters = createParameterStore();
  const created: string[] = [];
  const file = await open(join(folder, "model.safetensors"));
  try {
    for (const [name, shape] of [...encoderShapes(config), ...classifierShapes(config, count)]) {
      const entry = tensors.get(name);
      const usable = entry !== undefined && !(isHead(name) && stored !== count);
      if (usable) parameters.set(name, await readFloats(file, entry), shape);
      else {
        created.push(name);
        create(parameters, name, shape, config.initializerRange, options.seed);
      }
    }
  } finally {
    await file.close();
  }
  return { config, parameters, classes: count, created };
}

function isHead(name: string): boolean {
  return name === classifierWeight || name === classifierBias;
}

function create(parameters: ParameterStore, name: string, shape: readonly number[], deviation: number, seed: number): void {
  if (name === classifierBias || name === poolerBias) return parameters.set(name, new Float32Array(shape[0] as number), shape);
  const drawn = name === poolerWeight ? "pooler" : "classifier";
  const size = tf.tensor1d([...shape], "int32");
  const words = tf.tensor1d(
    [0, 1].map((word) => randomBits(seed, `initialise/${drawn}`, word) | 0),
    "int32",
  );
  const normal = runOp("StatelessRandomNormal", [size, words], { dtype: { type: "float32" } });
  const spread = tf.scalar(deviation);
  parameters.assign(name, runOp("Mul", [normal, spread]));
  size.dispose();
  words.dispose();
  normal.dispose();
  spread.dispose();
  return undefined;
}
