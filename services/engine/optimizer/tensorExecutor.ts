import type { Scalar, Tensor } from "@tensorflow/tfjs-node-gpu";
import { isReduction, type Opcode, type Stage } from "#core/optimizers/program.js";
import { tf } from "../tensorflow.js";
import type { StageRunner, StreamTable } from "./executor.js";

/** Runs stages with TF.js's own operations, one or a few an instruction: on a GPU, and wherever the kernels are not. */
export function tensorExecutor(): StageRunner {
  return (stage, { rows, slots, values }, table) => {
    const scalars = Array.from({ length: rows }, (_, row) =>
      Array.from(values.subarray(row * slots, (row + 1) * slots), (value) => tf.scalar(value)),
    );
    const sums = table.names.map((_, parameter) => runOne(stage, parameter, table, scalars[rows === 1 ? 0 : parameter] ?? []));
    const result = stage.reductions.map((__, reduction) => {
      const stacked = tf.tidy(() => tf.stack(sums.map((each) => each[reduction] ?? missing())));
      const each = Float64Array.from(stacked.dataSync<"float32">());
      stacked.dispose();
      return each;
    });
    tf.dispose([scalars, sums].flat(2));
    return result;
  };
}

function runOne(stage: Stage, parameter: number, table: StreamTable, scalars: readonly Scalar[]): Scalar[] {
  const given = stage.streams.map((stream) => table.get(parameter, stream));
  const [first] = given;
  if (!first) throw new RangeError("the stage has no stream");
  for (const [at, { shape }] of given.entries())
    if (String(shape) !== String(first.shape))
      throw new RangeError(
        `of "${table.names[parameter]}" ${stage.streams[0]} has shape [${first.shape}] and ${stage.streams[at]} [${shape}]`,
      );
  const places: Tensor[] = [...given];
  const sums: Scalar[] = [];
  for (const { opcode, destination, sources, scalars: slots } of stage.instructions) {
    const value = tf.tidy(() =>
      meaning[opcode](
        (index) => places[sources[index] ?? -1] ?? missing(),
        (index) => scalars[slots[index] ?? -1] ?? missing(),
        first.shape,
      ),
    );
    if (isReduction(opcode)) sums[destination] = value as Scalar;
    else {
      const old = places[destination];
      if (old !== given[destination]) old?.dispose();
      places[destination] = value;
    }
  }
  for (const temporary of places.slice(given.length)) temporary.dispose();
  for (const stream of stage.written) {
    const place = stage.streams.indexOf(stream);
    const value = places[place];
    if (value && value !== given[place]) table.assign(parameter, stream, value);
  }
  return sums;
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
  above: (v, s) => v(0).greater(s(0)).cast("float32"),
  below: (v, s) => v(0).less(s(0)).cast("float32"),
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
  sum: (v) => v(0).sum(),
  sumSquares: (v) => v(0).square().sum(),
};
