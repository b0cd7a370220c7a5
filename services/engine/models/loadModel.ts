import type { Fault } from "#core/fault.js";
import { classifierShapes, encoderNames, encoderShapes } from "#core/models/encoderParameters.js";
import { randomBits } from "#core/random.js";
import { type ShouldStop, turn } from "../cancellation.js";
import { createParameterStore, type ParameterStore } from "../parameterStore.js";
import { runOp, tf } from "../tensorflow.js";
import type { EncoderClassifier } from "./encoderClassifier.js";
import { inspectModel } from "./inspectModel.js";
import { FileChanged, readFloats, refuse } from "./modelFiles.js";
import { type ModelFolder, modelFolder, openNeededFile } from "./modelFolder.js";

/** A loaded model; `created` names the parameters that the folder did not hold and that were made from the seed. */
export interface LoadedModel extends EncoderClassifier {
  parameters: ParameterStore;
  classes: number;
  created: string[];
}

/**
 * Reads a Hugging Face folder into the engine. A classifier of the folder is used when it has as many classes; otherwise a new one is
 * drawn from a normal distribution of the model's `initializer_range`, its bias 0, as `transformers` does; so is the layer before it, where
 * the folder has none.
 * @param source a path: a folder that this program made
 * @param classes how many; `undefined`: as many as the folder's classifier has
 * @param options.seed of what is drawn
 * @param options.field the path that faults are reported under
 * @throws FaultError with everything that is wrong with the folder; Cancelled
 */
export async function loadModel(
  source: ModelFolder | string,
  classes: number | undefined,
  options: { seed: number; field: string; shouldStop?: ShouldStop },
): Promise<LoadedModel> {
  const { seed, field, shouldStop = () => false } = options;
  const folder = modelFolder(source);
  const { config, tensors } = await inspectModel(folder, field);
  const { dense, classifier } = encoderNames[config.family];
  const stored = tensors.get(`${classifier}.bias`)?.shape[0];
  const count = classes ?? stored ?? 0;
  if (count === 0) {
    const description = `"${folder.name}" has no classifier; it is an encoder that was not fine-tuned`;
    refuse([{ field, reason: "MISSING_TENSOR", description }]);
  }
  const { file } = await openNeededFile(folder, "model.safetensors", field);
  const parameters = createParameterStore();
  const created: string[] = [];
  const faults: Fault[] = [];
  try {
    for (const [name, shape] of [...encoderShapes(config), ...classifierShapes(config, count)]) {
      await turn(shouldStop);
      const entry = tensors.get(name);
      if (entry !== undefined && !(name.startsWith(`${classifier}.`) && stored !== count)) {
        const values = await readFloats(file, entry);
        const fault = notFinite(name, values, field);
        if (fault !== undefined && faults.length < maxFaults) faults.push(fault);
        parameters.set(name, values, shape);
      } else {
        created.push(name);
        const draw = { purpose: name.startsWith(`${dense}.`) ? "pooler" : "classifier", deviation: config.initializerRange, seed };
        create(parameters, name, shape, draw);
      }
    }
    refuse(faults);
  } catch (error) {
    parameters.dispose();
    if (error instanceof FileChanged)
      refuse([{ field, reason: "CORRUPT", description: `model.safetensors of "${folder.name}" changed while it was read` }]);
    throw error;
  } finally {
    await file.close();
  }
  return { config, parameters, classes: count, created };
}

const maxFaults = 20;

/** Numbers that are none would only show as a loss that is not finite, which looks like a learning rate that is too high. */
function notFinite(name: string, values: Float32Array, field: string): Fault | undefined {
  let count = 0;
  for (const value of values) if (!Number.isFinite(value)) count += 1;
  if (count === 0) return undefined;
  const description = `model.safetensors: tensor "${name}" holds ${count} of ${values.length} values that are not finite`;
  return { field, reason: "NOT_FINITE", description };
}

/** A bias is 0, a weight is drawn from the normal distribution. */
function create(
  parameters: ParameterStore,
  name: string,
  shape: readonly number[],
  { purpose, deviation, seed }: { purpose: string; deviation: number; seed: number },
): void {
  if (shape.length === 1) return parameters.set(name, new Float32Array(shape[0] as number), shape);
  const size = tf.tensor1d([...shape], "int32");
  const words = tf.tensor1d(
    [0, 1].map((word) => randomBits(seed, `initialise/${purpose}`, word) | 0),
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
