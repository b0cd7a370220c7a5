import type { Scalar, Tensor } from "@tensorflow/tfjs-node-gpu";
import { evaluateScalars } from "#core/optimizers/evaluateScalars.js";
import { firstStatePlace, gradientPlace, type Opcode, parameterPlace, type Program } from "#core/optimizers/program.js";
import { tf } from "../tensorflow.js";
import { type Executor, type ReplacedStreams, scalarGroups, type TensorStreams, totalNorm } from "./executor.js";

/** Runs a program with TF.js's own operations, one or a few an instruction: on a GPU, and wherever the kernels are not. */
export function tensorExecutor(program: Program): Executor {
  return (tensors, step) => {
    const { groups, groupOf } = scalarGroups(tensors);
    const scalars = groups.map((group) => Array.from(evaluateScalars(program, step, group), (value) => tf.scalar(value)));
    const results = tensors.map((tensor, index) => runTensor(program, tensor, scalars[groupOf[index] ?? 0] ?? []));
    const norms = program.reductions.map((_, reduction) => {
      const stacked = tf.tidy(() => tf.stack(results.map(({ sums }) => sums[reduction] ?? tf.scalar(0))).sqrt());
      const total = totalNorm(stacked.dataSync<"float32">());
      stacked.dispose();
      return total;
    });
    tf.dispose([scalars.flat(), results.flatMap(({ sums }) => sums)]);
    const norm = (name: Program["reductions"][number]) => norms[program.reductions.indexOf(name)] ?? Number.NaN;
    return { norms: { update: norm("update"), parameter: norm("parameter") }, replaced: results.map(({ replaced }) => replaced) };
  };
}

function runTensor(program: Program, tensor: TensorStreams, scalars: readonly Scalar[]): { replaced: ReplacedStreams; sums: Scalar[] } {
  const given: Tensor[] = [];
  given[parameterPlace] = tensor.parameter;
  given[gradientPlace] = tensor.gradient;
  given.push(...tensor.states);
  for (const { shape } of given)
    if (String(shape) !== String(tensor.parameter.shape))
      throw new RangeError(`"${tensor.name}" has shape [${tensor.parameter.shape}], its gradient or a state [${shape}]`);
  const places = [...given];
  const sums: Scalar[] = [];
  for (const { opcode, destination, sources, scalars: slots } of program.instructions) {
    const value = tf.tidy(() =>
      meaning[opcode](
        (index) => places[sources[index] ?? -1] ?? missing(),
        (index) => scalars[slots[index] ?? -1] ?? missing(),
        tensor.parameter.shape,
      ),
    );
    if (opcode === "sumSquares") sums[destination] = value as Scalar;
    else {
      const old = places[destination];
      if (old !== given[destination]) old?.dispose();
      places[destination] = value;
    }
  }
  for (const temporary of places.slice(given.length)) temporary.dispose();
  // A stream that no instruction wrote is still the caller's own tensor.
  const owned = (place: number) => (places[place] === given[place] ? given[place]?.clone() : places[place]) ?? missing();
  const replaced = {
    name: tensor.name,
    parameter: owned(parameterPlace),
    states: tensor.states.map((_, index) => owned(firstStatePlace + index)),
  };
  return { replaced, sums };
}

function missing(): never {
  throw new RangeError("the program reads what was never written");
}

type Vector = (index: 0 | 1 | 2) => Tensor;
type ScalarAt = (index: 0 | 1) => Scalar;

/** Each instruction as TF.js operations; `v` are its vectors, `s` its scalars. */
const meaning: Record<Opcode, (v: Vector, s: ScalarAt, shape: number[]) => Tensor> = {
  copy: (v) => v(0).add(0),
  fill: (_v, s, shape) => tf.zeros(shape).add(s(0)),
  scale: (v, s) => v(0).mul(s(0)),
  affine: (v, s) => v(0).mul(s(0)).add(s(1)),
  add: (v) => v(0).add(v(1)),
  mul: (v) => v(0).mul(v(1)),
  div: (v) => v(0).div(v(1)),
  max: (v) => v(0).maximum(v(1)),
  min: (v) => v(0).minimum(v(1)),
  maxScalar: (v, s) => v(0).maximum(s(0)),
  minScalar: (v, s) => v(0).minimum(s(0)),
  greater: (v) => v(0).greater(v(1)).cast("float32"),
  select: (v) => tf.where(v(0).equal(0), v(2), v(1)),
  abs: (v) => v(0).abs(),
  sign: (v) => v(0).sign(),
  square: (v) => v(0).square(),
  sqrt: (v) => v(0).sqrt(),
  scaleAdd: (v, s) =>
    v(0)
      .mul(s(0))
      .add(v(1).mul(s(1))),
  squareScaleAdd: (v, s) =>
    v(0)
      .square()
      .mul(s(0))
      .add(v(1).mul(s(1))),
  scaledSqrtAdd: (v, s) => v(0).mul(s(0)).sqrt().add(s(1)),
  scaledDivide: (v, s) => v(0).mul(s(0)).div(v(1)),
  scaledReciprocal: (v, s) => s(0).div(v(0)),
  sumSquares: (v) => v(0).square().sum(),
};
