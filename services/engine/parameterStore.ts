import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { Parameters } from "./parameters.js";
import { runOp, tf } from "./tensorflow.js";

/** The store of one model's parameters. */
export interface ParameterStore extends Parameters {
  /** Puts a parameter in, or in the place of an old one, from plain numbers. */
  set(name: string, values: Float32Array, shape: readonly number[]): void;
  dispose(): void;
}

/** An empty store. Names keep the order in which they came. */
export function createParameterStore(): ParameterStore {
  const tensors = new Map<string, Tensor>();
  const assign = (name: string, value: Tensor) => {
    tensors.get(name)?.dispose();
    tensors.set(name, tf.keep(value));
  };
  const get = (name: string) => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new RangeError(`there is no parameter "${name}"`);
    return tensor;
  };
  return {
    get names() {
      return [...tensors.keys()];
    },
    get,
    assign,
    exchange(name, value) {
      const old = get(name);
      tensors.set(name, tf.keep(value));
      return old;
    },
    set(name, values, shape) {
      const over = tf.tensor(values, [...shape], "float32");
      assign(name, allocated(over));
      over.dispose();
    },
    dispose() {
      for (const tensor of tensors.values()) tensor.dispose();
      tensors.clear();
    },
  };
}

/** A copy in memory that TensorFlow allocated: a tensor over a typed array may share the array's memory, and then nobody may write into it. */
function allocated(tensor: Tensor): Tensor {
  return runOp("DeepCopy", [tensor]);
}
