import { createRequire } from "node:module";
import util from "node:util";
import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import type { Tensor } from "@tensorflow/tfjs-node-gpu";

type TensorFlow = typeof tfjs;

/** An attribute of a raw operation. `type` is a data type by the name that TensorFlow.js gives it. */
export type Attribute =
  | { bool: boolean }
  | { int: number | number[] }
  | { float: number }
  | { string: string }
  | { type: "float32" | "int32" | "bool" };

/** The part of tfjs-node's backend that runs operations by name; it is not in its public types. */
interface NodeBackend {
  binding: { TF_Version: string } & Record<string, number>;
  isUsingGpuDevice: boolean;
  executeMultipleOutputs(name: string, attributes: readonly object[], inputs: readonly Tensor[], outputs: number): Tensor[];
}

/** TensorFlow.js on the native library. This file is the one place that loads it, because the environment has to be set before. */
export const tf: TensorFlow = load();

const backend = tf.backend() as unknown as NodeBackend;
const { binding } = backend;
const dataTypes = { float32: binding.TF_FLOAT, int32: binding.TF_INT32, bool: binding.TF_BOOL };

/** Version of the native library, for example "2.21.0". */
export const tensorflowVersion = binding.TF_Version;

/** Whether operations run on a GPU. */
export const onGpu = backend.isUsingGpuDevice;

/**
 * Runs one TensorFlow operation by its registered name.
 * @param attributes by name; TensorFlow infers the types that the inputs determine
 * @returns the operation's first output
 */
export function runOp(name: string, inputs: readonly Tensor[], attributes: Readonly<Record<string, Attribute>> = {}): Tensor {
  return runOpOutputs(name, inputs, attributes, 1)[0] as Tensor;
}

/** As `runOp`, for an operation with several outputs. */
export function runOpOutputs(
  name: string,
  inputs: readonly Tensor[],
  attributes: Readonly<Record<string, Attribute>>,
  outputs: number,
): Tensor[] {
  return backend.executeMultipleOutputs(
    name,
    Object.entries(attributes).map(([key, attribute]) => ({ name: key, ...encode(attribute) })),
    inputs,
    outputs,
  );
}

/** The single number that a tensor holds. */
export function scalarOf(tensor: Tensor): number {
  return tensor.dataSync()[0] as number;
}

/** The sum of a float tensor's numbers, in double precision. */
export function sumOf(tensor: Tensor): number {
  return tensor.dataSync<"float32">().reduce((sum, value) => sum + value, 0);
}

function encode(attribute: Attribute): { type: number | undefined; value: unknown } {
  if ("bool" in attribute) return { type: binding.TF_ATTR_BOOL, value: attribute.bool };
  if ("int" in attribute) return { type: binding.TF_ATTR_INT, value: attribute.int };
  if ("float" in attribute) return { type: binding.TF_ATTR_FLOAT, value: attribute.float };
  if ("string" in attribute) return { type: binding.TF_ATTR_STRING, value: attribute.string };
  return { type: binding.TF_ATTR_TYPE, value: dataTypes[attribute.type] };
}

function load(): TensorFlow {
  // Start-up notices of the native library go to stderr; errors still do.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  // Told nothing, a GPU rounds what it multiplies to TensorFloat-32, whose fraction has 10 bits: float32 is what was asked for.
  process.env.NVIDIA_TF32_OVERRIDE ??= "0";
  // Node 23 removed these from node:util; the binding calls them.
  const predicates: Record<string, (value: unknown) => boolean> = {
    isNullOrUndefined: (value) => value === null || value === undefined,
    isArray: Array.isArray,
    isString: (value) => typeof value === "string",
    isNumber: (value) => typeof value === "number",
    isFunction: (value) => typeof value === "function",
    isUndefined: (value) => value === undefined,
  };
  for (const [name, predicate] of Object.entries(predicates)) if (!(name in util)) Object.assign(util, { [name]: predicate });

  // A service's standard output belongs to its log; notices go to standard error while the library loads.
  const { log, info } = console;
  Object.assign(console, { log: console.error, info: console.error });
  try {
    const loaded = createRequire(import.meta.url)("@tensorflow/tfjs-node-gpu") as TensorFlow;
    loaded.env().set("PROD", true);
    return loaded;
  } finally {
    Object.assign(console, { log, info });
  }
}
