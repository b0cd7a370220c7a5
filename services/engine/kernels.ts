import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { onGpu } from "./tensorflow.js";

/** Whether Stepwire's own operations are loaded, and if not, why. */
export type KernelState = { available: true } | { available: false; reason: string };

let state: KernelState | undefined;

/**
 * Loads the addon with Stepwire's own TensorFlow operations, once a process.
 * @returns not available with `STEPWIRE_KERNELS=off`, on a GPU (TensorFlow would copy tensors to the processor and lose what a kernel writes
 * in place), and where the addon was not built
 * @throws when an addon is there and cannot be loaded: it does not fit the library
 */
export function loadKernels(): KernelState {
  return (state ??= load());
}

function load(): KernelState {
  if (process.env.STEPWIRE_KERNELS === "off") return { available: false, reason: "STEPWIRE_KERNELS=off" };
  if (onGpu) return { available: false, reason: "operations run on a GPU" };
  const require = createRequire(import.meta.url);
  const addon = join(dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json")), "lib", "napi-v8", "stepwire_kernels.node");
  if (!existsSync(addon)) return { available: false, reason: `${addon} is missing; "npm run setup" builds it` };
  multiplies = (require(addon) as { multipliesBfloat16: boolean }).multipliesBfloat16;
  return { available: true };
}

/** What the addon was compiled for and the processor has. */
let multiplies = false;

let onTwins = false;

/** Whether layers run on the kernels; otherwise on their twins, which are made of TensorFlow's own operations. */
export function useKernels(): boolean {
  return !onTwins && loadKernels().available;
}

/** Whether products of bfloat16 run on the kernel: its compiler knew the instructions, and this processor has them. */
export function multipliesBfloat16(): boolean {
  return useKernels() && multiplies;
}

/** Runs `work` on the twins. */
export function withTwins<T>(work: () => T): T {
  const before = onTwins;
  onTwins = true;
  try {
    return work();
  } finally {
    onTwins = before;
  }
}
