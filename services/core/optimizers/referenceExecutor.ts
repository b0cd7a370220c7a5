import { evaluateScalars, type StepScalars, type TensorScalars } from "./evaluateScalars.js";
import { gradientPlace, type Instruction, type Opcode, parameterPlace, type Program, streamCount } from "./program.js";

/** One tensor's streams, in float64; the parameter and the states are updated in place. */
export interface ReferenceTensor {
  readonly parameter: Float64Array;
  readonly gradient: Float64Array;
  /** In the order of the program's states. */
  readonly states: readonly Float64Array[];
  readonly scalars: TensorScalars;
}

/**
 * Runs one step of a program on one tensor in float64 with plain loops: the oracle of the other executors.
 * @returns the L2 norms that the program's reductions name
 */
export function runReference(program: Program, tensor: ReferenceTensor, step: StepScalars): { update: number; parameter: number } {
  const { parameter, gradient, states } = tensor;
  const streams = streamCount(program);
  if (states.length !== program.states.length)
    throw new RangeError(`${states.length} states were given, the program has ${program.states.length}`);
  for (const stream of [gradient, ...states])
    if (stream.length !== parameter.length)
      throw new RangeError(`a stream has ${stream.length} elements, the parameter ${parameter.length}`);
  const places: Float64Array[] = [];
  places[parameterPlace] = parameter;
  places[gradientPlace] = gradient;
  places.push(...states);
  for (let at = 0; at < program.temporaries; at++) places[streams + at] = new Float64Array(parameter.length);
  const scalars = evaluateScalars(program, step, tensor.scalars);
  const sums = program.reductions.map(() => 0);
  for (const instruction of program.instructions) execute(instruction, places, scalars, sums);
  const [update = 0, norm = 0] = sums.map(Math.sqrt);
  return { update, parameter: norm };
}

/** Each instruction on numbers. */
const meaning: Record<Exclude<Opcode, "sumSquares">, (a: number, b: number, c: number, s: number, t: number) => number> = {
  copy: (a) => a,
  fill: (_a, _b, _c, s) => s,
  scale: (a, _b, _c, s) => s * a,
  affine: (a, _b, _c, s, t) => s * a + t,
  add: (a, b) => a + b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  max: (a, b) => Math.max(a, b),
  min: (a, b) => Math.min(a, b),
  maxScalar: (a, _b, _c, s) => Math.max(a, s),
  minScalar: (a, _b, _c, s) => Math.min(a, s),
  greater: (a, b) => (a > b ? 1 : 0),
  select: (a, b, c) => (a === 0 ? c : b),
  abs: (a) => Math.abs(a),
  sign: (a) => Math.sign(a),
  square: (a) => a * a,
  sqrt: (a) => Math.sqrt(a),
  scaleAdd: (a, b, _c, s, t) => s * a + t * b,
  squareScaleAdd: (a, b, _c, s, t) => s * a * a + t * b,
  scaledSqrtAdd: (a, _b, _c, s, t) => Math.sqrt(s * a) + t,
  scaledDivide: (a, b, _c, s) => (s * a) / b,
  scaledReciprocal: (a, _b, _c, s) => s / a,
};

function execute(
  { opcode, destination, sources, scalars: slots }: Instruction,
  places: readonly Float64Array[],
  scalars: Float64Array,
  sums: number[],
): void {
  const [a, b, c] = sources.map((source) => places[source]);
  if (opcode === "sumSquares") {
    let sum = 0;
    for (const value of a ?? []) sum += value * value;
    sums[destination] = sum;
    return;
  }
  const [s = Number.NaN, t = Number.NaN] = slots.map((slot) => scalars[slot] ?? Number.NaN);
  const result = places[destination];
  if (!result) throw new RangeError(`the program has no place ${destination}`);
  const compute = meaning[opcode];
  for (let at = 0; at < result.length; at++)
    result[at] = compute(a?.[at] ?? Number.NaN, b?.[at] ?? Number.NaN, c?.[at] ?? Number.NaN, s, t);
}
