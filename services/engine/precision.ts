import { readFileSync } from "node:fs";
import { multipliesBfloat16 } from "./kernels.js";
import { onGpu } from "./tensorflow.js";

// TensorFlow reads the precision of its matrix products from its environment when it is loaded, so a process has one.

/** What the matrix products of a model may be computed in, as the process was told. */
const precision = process.env.TF_SET_ONEDNN_FPMATH_MODE === "BF16" ? "bfloat16" : "float32";

/** Of the instruction sets that code is chosen by, those that the processor has; none where the system does not tell. */
export const cpuFeatures: readonly string[] = readCpuFeatures();

/**
 * How the matrix products of a model are computed. TensorFlow's library computes in bfloat16 on processors with AMX only; others with
 * AVX-512's bfloat16 instructions have a kernel of ours, and the rest stay in float32. A GPU rounds to TensorFloat-32 where it is allowed to.
 */
export function products(): "float32" | "TensorFloat-32" | "bfloat16 by AMX" | "bfloat16 by AVX-512" {
  // A GPU multiplies in its own way, whatever the processor beside it could.
  if (onGpu) return process.env.NVIDIA_TF32_OVERRIDE === "0" ? "float32" : "TensorFloat-32";
  if (precision === "float32") return "float32";
  if (cpuFeatures.includes("amx_bf16")) return "bfloat16 by AMX";
  return multipliesBfloat16() ? "bfloat16 by AVX-512" : "float32";
}

function readCpuFeatures(): string[] {
  const flags = new Set(/^flags\s*:\s*(.*)$/m.exec(readCpuInfo())?.[1]?.split(" "));
  return ["avx", "avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8"].filter((flag) => flags.has(flag));
}

function readCpuInfo(): string {
  try {
    return readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return "";
  }
}
