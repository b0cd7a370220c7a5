import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { evaluateScalars } from "#core/optimizers/evaluateScalars.js";
import { type Instruction, opcodes, type Program } from "#core/optimizers/program.js";
import { runOpOutputs, tf } from "../tensorflow.js";
import { type Executor, scalarGroups, totalNorm } from "./executor.js";
import { loadKernels } from "./kernels.js";

/**
 * Runs a program with the kernel StepwireOptimizerProgram: all tensors in one call, on all threads, in place. Parameters and states must own
 * their memory (allocated by TensorFlow, shared with no other tensor).
 * @throws Error when the kernels are not available; the kernel refuses shapes and types that do not fit
 */
export function nativeExecutor(program: Program): Executor {
  const kernels = loadKernels();
  if (!kernels.available) throw new Error(`the native optimizer executor cannot run: ${kernels.reason}`);
  const code = program.instructions.flatMap(encode);
  const slots = Math.max(1, program.scalars.length);
  return (tensors, step) => {
    const { groups, groupOf } = scalarGroups(tensors);
    const scalars = new Float32Array(groups.length * slots);
    groups.forEach((group, row) => scalars.set(evaluateScalars(program, step, group), row * slots));
    const inputs: Tensor[] = [
      ...tensors.map(({ parameter }) => parameter),
      ...tensors.map(({ gradient }) => gradient),
      ...tensors.flatMap(({ states }) => states),
    ];
    const hostInputs = [tf.tensor2d(scalars, [groups.length, slots]), tf.tensor1d(groupOf, "int32")];
    const attributes = {
      N: { int: tensors.length },
      M: { int: tensors.length * program.states.length },
      program: { int: code },
      temporaries: { int: program.temporaries },
      reductions: { int: program.reductions.length },
    };
    const outputs: Tensor[] = [];
    try {
      outputs.push(...runOpOutputs("StepwireOptimizerProgram", [...inputs, ...hostInputs], attributes, 1));
      const norms = outputs[0]?.dataSync<"float32">() ?? new Float32Array();
      const column = (reduction: Program["reductions"][number]) => {
        const index = program.reductions.indexOf(reduction);
        return norms.filter((_, at) => at % program.reductions.length === index);
      };
      return { norms: { update: totalNorm(column("update")), parameter: totalNorm(column("parameter")) }, replaced: [] };
    } finally {
      tf.dispose([...hostInputs, ...outputs]);
    }
  };
}

/** The seven numbers that the kernel reads. */
function encode({ opcode, destination, sources, scalars }: Instruction): number[] {
  const [a = -1, b = -1, c = -1] = sources;
  const [s = -1, t = -1] = scalars;
  return [opcodes.indexOf(opcode), destination, a, b, c, s, t];
}
