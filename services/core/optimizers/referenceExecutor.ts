import { handoffStream, type MatrixSegment } from "./chain.js";
import { type CompiledChain, displacedStream, givenStreams, type ProgramSegment } from "./compileChain.js";
import { matrixShape, type MatrixScalars } from "./defineMatrixTransform.js";
import type { StepScalars, TensorScalars } from "./evaluateScalar.js";
import { gradientStream, parameterStream, sampledGradientStream } from "./expression.js";
import { type Instruction, isReduction, type Opcode, type Stage } from "./program.js";
import { type Matrix, referenceAlgebra } from "./referenceAlgebra.js";
import { type ChainBackend, initialMemory, runChain, runSegment, type ScalarMemory, type ScalarRows, type StepReport } from "./runChain.js";

/** One parameter, in float64, updated in place. */
export interface ReferenceParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float64Array;
  readonly scalars: TensorScalars;
}

/** An optimizer in float64 with plain loops: the oracle of the other executors. */
export interface ReferenceOptimizer {
  /** @param gradients by parameter name; `sampled`: those for labels that the model drew, in the steps that want them */
  update(gradients: Gradients, step: StepScalars, sampled?: Gradients): StepReport;
  /** The point where the model is evaluated after the last step. */
  evaluationPoint(step: StepScalars): ReadonlyMap<string, Float64Array>;
  /** The point where this step's gradient is taken, from the gradient at the parameters. */
  gradientPoint(gradients: Gradients, step: StepScalars): ReadonlyMap<string, Float64Array>;
  /** Values by `<element>.<state>/<parameter>`: what is written here is what the next step starts from. */
  readonly states: ReadonlyMap<string, Float64Array>;
  readonly memory: ScalarMemory;
}

type Gradients = Readonly<Record<string, Float64Array>>;

/** @param parameters their values are updated in place, never replaced */
export function referenceOptimizer(chain: CompiledChain, parameters: readonly ReferenceParameter[]): ReferenceOptimizer {
  const streams = parameters.map(({ values }) => {
    const own = chain.states.map(
      ({ key, initial }) =>
        [key, initial === "parameter" ? Float64Array.from(values) : new Float64Array(values.length).fill(initial)] as const,
    );
    const rest = chain.streams
      .filter((key) => own.every(([state]) => state !== key))
      .map((key) => [key, new Float64Array(values.length)] as const);
    return new Map<string, Float64Array>([...own, ...rest, [parameterStream, values]]);
  });
  const matrices = new Map<string, Float64Array>();
  for (const segment of chain.segments)
    if (segment.kind === "matrix")
      for (const { name, shape } of parameters)
        for (const [state, { rows, columns, initial }] of Object.entries(segment.transform.state(matrixShape(shape), segment.hyper)))
          matrices.set(`${segment.name}.${state}/${name}`, new Float64Array(rows * columns).fill(initial));
  const memory = initialMemory(chain, parameters.length);
  const tensors = parameters.map(({ scalars }) => scalars);
  const give = (key: string, gradients: Gradients) =>
    parameters.forEach(({ name, values }, index) => {
      const gradient = gradients[name];
      if (gradient?.length !== values.length)
        throw new RangeError(`the gradient of "${name}" has ${gradient?.length ?? "no"} elements, the parameter ${values.length}`);
      streams[index]?.set(key, gradient);
    });
  const backend: ChainBackend = {
    runStage: (stage, scalars) => runStage(stage, scalars, streams),
    runMatrix: (segment, scalars) =>
      parameters.forEach((parameter, index) => {
        const own = scalars[index];
        if (own) runMatrix(segment, parameter, streams[index] ?? new Map(), matrices, own);
      }),
  };
  const displaced = (segment: ProgramSegment | undefined, step: StepScalars) => {
    if (!segment) return new Map(parameters.map(({ name, values }) => [name, values]));
    for (const each of streams) each.set(displacedStream, new Float64Array(each.get(parameterStream)?.length ?? 0));
    runSegment(segment, backend, memory, step, tensors);
    return new Map(parameters.map(({ name }, index) => [name, streams[index]?.get(displacedStream) ?? new Float64Array()]));
  };
  const states = new Map([
    ...chain.states.flatMap(({ key }) =>
      parameters.map(({ name }, index) => [`${key}/${name}`, streams[index]?.get(key) ?? new Float64Array()] as const),
    ),
    ...matrices,
  ]);
  return {
    update(gradients, step, sampled) {
      give(gradientStream, gradients);
      if (sampled) give(sampledGradientStream, sampled);
      return runChain(chain, backend, memory, step, tensors);
    },
    evaluationPoint: (step) => displaced(chain.evaluationPoint, step),
    gradientPoint(gradients, step) {
      give(gradientStream, gradients);
      return displaced(chain.gradientPoint, step);
    },
    states,
    memory,
  };
}

function runStage(
  stage: Stage,
  { rows, slots, values }: ScalarRows,
  streams: readonly ReadonlyMap<string, Float64Array>[],
): Float64Array[] {
  const sums = stage.reductions.map(() => new Float64Array(streams.length));
  streams.forEach((tensor, index) => {
    const places = stage.streams.map((name) => tensor.get(name) ?? missing(name));
    const { length } = tensor.get(parameterStream) ?? missing(parameterStream);
    for (let at = 0; at < stage.temporaries; at++) places.push(new Float64Array(length));
    const row = rows === 1 ? 0 : index;
    const scalars = values.subarray(row * slots, (row + 1) * slots);
    for (const instruction of stage.instructions)
      execute(instruction, places, scalars, (reduction, sum) => ((sums[reduction] ?? [])[index] = sum));
  });
  return sums;
}

/** Each instruction on numbers. */
const meaning: Record<Exclude<Opcode, "sum" | "sumSquares">, (a: number, b: number, c: number, s: number, t: number) => number> = {
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
  above: (a, _b, _c, s) => (a > s ? 1 : 0),
  below: (a, _b, _c, s) => (a < s ? 1 : 0),
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
  onSum: (reduction: number, sum: number) => void,
): void {
  const [a, b, c] = sources.map((source) => places[source]);
  if (isReduction(opcode)) {
    let sum = 0;
    for (const value of a ?? []) sum += opcode === "sum" ? value : value * value;
    onSum(destination, sum);
    return;
  }
  const [s = Number.NaN, t = Number.NaN] = slots.map((slot) => scalars[slot] ?? Number.NaN);
  const result = places[destination];
  if (!result) throw new RangeError(`the program has no place ${destination}`);
  const compute = meaning[opcode];
  for (let at = 0; at < result.length; at++)
    result[at] = compute(a?.[at] ?? Number.NaN, b?.[at] ?? Number.NaN, c?.[at] ?? Number.NaN, s, t);
}

function runMatrix(
  { transform, hyper, name }: MatrixSegment,
  parameter: ReferenceParameter,
  streams: Map<string, Float64Array>,
  matrices: ReadonlyMap<string, Float64Array>,
  scalars: MatrixScalars,
): void {
  const shape = matrixShape(parameter.shape);
  const whole = (values: Float64Array): Matrix => ({ rows: shape.rows, columns: shape.columns, values: Float64Array.from(values) });
  const declared = Object.entries(transform.state(shape, hyper)).map(([state, { rows, columns }]) => {
    const values = matrices.get(`${name}.${state}/${parameter.name}`) ?? missing(state);
    return [state, { rows, columns, values }] as const;
  });
  const handoff = streams.get(handoffStream) ?? missing(handoffStream);
  const next = transform.update<Matrix>(
    {
      algebra: referenceAlgebra,
      update: whole(handoff),
      parameter: whole(parameter.values),
      state: Object.fromEntries(declared.map(([state, matrix]) => [state, { ...matrix, values: Float64Array.from(matrix.values) }])),
      hyper,
      ...scalars,
    },
    shape,
  );
  handoff.set(next.update.values);
  for (const [state, { values }] of declared) values.set(next.state[state]?.values ?? missing(state));
}

function missing(name: string): never {
  throw new RangeError(`there is no "${name}" among ${givenStreams.join(", ")} and the states`);
}
