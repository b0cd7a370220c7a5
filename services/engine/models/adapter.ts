import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import {
  adapterFactor,
  adapterNames,
  type LinearLayer,
  type LoraSettings,
  targetedLayers,
  targetsOf,
  trainedShapes,
} from "#core/models/adapter.js";
import { decoderNames } from "#core/models/decoderParameters.js";
import { isDecoder } from "#core/models/modelConfig.js";
import { add, free, matMulFloat32, scale } from "../ops.js";
import type { Parameters } from "../parameters.js";
import { initialisationSeed } from "../seedWords.js";
import { runOp, tf } from "../tensorflow.js";
import type { LoadedModel } from "./loadModel.js";
import type { Adapter } from "./model.js";
import { refuse } from "./modelFiles.js";

/** A model with an adapter that is trained in its place. */
export interface AdaptedModel extends LoadedModel {
  adapter: Adapter;
  lora: LoraSettings;
  layers: readonly LinearLayer[];
}

/**
 * Puts an adapter beside linear layers of a model, those of its family where the settings name none: a is drawn evenly from -1 / sqrt(inputs) to 1 / sqrt(inputs), b is 0, as `peft` begins.
 * @param options.field the path of the targets
 * @throws FaultError for a target that names no layer
 */
export function adaptModel(model: LoadedModel, lora: LoraSettings, { seed, field }: { seed: number; field: string }): AdaptedModel {
  const { config, parameters, head, created } = model;
  const { layers, faults } = targetedLayers(config, lora, field);
  refuse(faults);
  for (const { name, inputs, outputs } of layers) {
    parameters.assign(adapterNames.a(name), evenly([lora.rank, inputs], 1 / Math.sqrt(inputs), seed, adapterNames.a(name)));
    parameters.set(adapterNames.b(name), new Float32Array(outputs * lora.rank), [outputs, lora.rank]);
  }
  const trained = new Set(trainedShapes(config, head, lora, created).map(({ name }) => name));
  const adapter: Adapter = {
    targets: new Set(layers.map(({ name }) => name)),
    factor: adapterFactor(lora),
    dropout: lora.dropout,
    parameters: trained,
  };
  return { ...model, adapter, trained, lora: { ...lora, targets: targetsOf(config, lora) }, layers };
}

/** The parameters that training moves, as optimizers see them. */
export function trainedParameters({ parameters, trained }: LoadedModel): Parameters {
  if (!trained) return parameters;
  const { get, assign, exchange } = parameters;
  return { names: parameters.names.filter((name) => trained.has(name)), get, assign, exchange };
}

/**
 * The model's parameters with the adapter's product added to its layers' weights: those of a model without one. A sum is made when it is asked
 * for and is valid until the next `get`: those of all layers at once would be a second model in memory.
 */
export function mergedParameters({ config, parameters, adapter, layers }: AdaptedModel): {
  parameters: Pick<Parameters, "names" | "get">;
  dispose(): void;
} {
  const inputFirst = isDecoder(config) && decoderNames[config.family].inputFirst;
  const adapted = new Map(layers.map(({ name }) => [`${name}.weight`, name]));
  const own = new Set(layers.flatMap(({ name }) => [adapterNames.a(name), adapterNames.b(name)]));
  let last: Tensor | undefined;
  const dispose = () => {
    last?.dispose();
    last = undefined;
  };
  return {
    parameters: {
      names: parameters.names.filter((name) => !own.has(name)),
      get(name) {
        const layer = adapted.get(name);
        if (layer === undefined) return parameters.get(name);
        dispose();
        const [a, b] = [parameters.get(adapterNames.a(layer)), parameters.get(adapterNames.b(layer))];
        const product = inputFirst ? matMulFloat32(a, b, true, true) : matMulFloat32(b, a);
        const change = scale(product, adapter.factor);
        free(product);
        last = tf.keep(add(parameters.get(name), change));
        free(change);
        return last;
      },
    },
    dispose,
  };
}

/** Numbers from -bound to bound. */
function evenly(shape: readonly number[], bound: number, seed: number, name: string): Tensor {
  const size = tf.tensor1d([...shape], "int32");
  const words = initialisationSeed(seed, name);
  const uniform = runOp("StatelessRandomUniform", [size, words], { dtype: { type: "float32" } });
  const wide = scale(uniform, 2 * bound);
  const shift = tf.scalar(-bound);
  const y = add(wide, shift);
  free(size, words, uniform, wide, shift);
  return y;
}
