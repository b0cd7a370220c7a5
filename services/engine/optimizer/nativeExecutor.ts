import type { Stage } from "#core/optimizers/program.js";
import { runOp, tf } from "../tensorflow.js";
import type { StageRunner } from "./executor.js";
import { type EncodedStage, encodeStage } from "./encodeStage.js";
import { loadKernels } from "../kernels.js";

/** `fused` refuses a stage that has no fused form; `interpreted` uses none; `any` is the faster of what there is. */
type ProgramForm = "any" | "fused" | "interpreted";

/**
 * Runs stages with the kernel StepwireOptimizerStage: all tensors in one call, on all threads, in place. Streams that a stage writes must own
 * their memory (allocated by TensorFlow, shared with no other tensor). Of a stream with few rows that are not 0 it reads these only.
 * @throws Error when the kernels are not available; the kernel refuses shapes and types that do not fit
 */
export function nativeExecutor(form: ProgramForm = "any"): StageRunner {
  const kernels = loadKernels();
  if (!kernels.available) throw new Error(`the native optimizer executor cannot run: ${kernels.reason}`);
  const encoded = new WeakMap<Stage, EncodedStage>();
  return (stage, scalars, table) => {
    let code = encoded.get(stage);
    if (!code) {
      code = encodeStage(stage);
      encoded.set(stage, code);
    }
    const sparse: number[] = [];
    const inputs = table.names.flatMap((_, parameter) =>
      stage.streams.map((stream, at) => {
        const found = table.rows(parameter, stream);
        if (!found) return table.get(parameter, stream);
        sparse.push(parameter, at, found.size, found.places.length);
        // One by one: a call takes about a hundred thousand arguments.
        for (const place of found.places) sparse.push(place);
        return found.rows;
      }),
    );
    const places = tf.tensor1d(sparse, "int32");
    const values = tf.tensor2d(Float32Array.from(scalars.values), [scalars.rows, scalars.slots]);
    const attributes = {
      K: { int: inputs.length },
      tensors: { int: table.names.length },
      program: { int: code.program },
      written: { int: code.written },
      temporaries: { int: stage.temporaries },
      reductions: { int: stage.reductions.length },
      form: { string: form },
    };
    try {
      const output = runOp("StepwireOptimizerStage", [...inputs, values, places], attributes);
      const sums = output.dataSync<"float32">();
      output.dispose();
      return stage.reductions.map((reduction, index) => {
        const squares = reduction.kind === "reduction" && reduction.reduce === "sumSquares";
        return Float64Array.from(table.names, (_, parameter) => {
          const value = sums[parameter * stage.reductions.length + index] ?? Number.NaN;
          return squares ? value * value : value;
        });
      });
    } finally {
      tf.dispose([values, places]);
    }
  };
}
