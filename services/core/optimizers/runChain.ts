import { isScalar, keyOf, scopeOf } from "./analyse.js";
import { type MatrixSegment, parameterNormReport, type ReportEntry, updateNormReport } from "./chain.js";
import type { CompiledChain, ProgramSegment } from "./compileChain.js";
import type { MatrixScalars } from "./defineMatrixTransform.js";
import { evaluateScalar, type ScalarEnvironment, type StepScalars, type TensorScalars } from "./evaluateScalar.js";
import type { Stage } from "./program.js";

/** The values of a stage's scalar slots, row by row: one row for all tensors, or one for each. */
export interface ScalarRows {
  readonly rows: number;
  readonly slots: number;
  readonly values: Float64Array;
}

/** What executes passes over the tensors, and whole-tensor transforms. It holds the streams. */
export interface ChainBackend {
  /** @returns for each of the stage's reductions its sum over each tensor */
  runStage(stage: Stage, scalars: ScalarRows): readonly Float64Array[];
  /** @param scalars one for each tensor */
  runMatrix(segment: MatrixSegment, scalars: readonly MatrixScalars[]): void;
}

/** The scalars that a chain remembers, by key. */
export type ScalarMemory = Map<string, number | Float64Array>;

/** What one step tells: L2 norms over all tensors of the update and of the parameters after it, and the optimizer's own scalars. */
export interface StepReport {
  readonly updateNorm: number;
  readonly paramNorm: number;
  readonly scalars: Readonly<Record<string, number>>;
}

/** The scalars' first values. */
export function initialMemory({ remembered }: Pick<CompiledChain, "remembered">, tensors: number): ScalarMemory {
  return new Map(
    remembered.map(({ key, scope, initial }) => [key, scope === "step" ? initial : new Float64Array(tensors).fill(initial)] as const),
  );
}

/** Takes one step on a backend: the same order of passes, sums and scalars whatever executes them. */
export function runChain(
  chain: CompiledChain,
  backend: ChainBackend,
  memory: ScalarMemory,
  step: StepScalars,
  tensors: readonly TensorScalars[],
): StepReport {
  const scalars = tensors.map(({ learningRateScale, decayed }): MatrixScalars => ({
    step: step.step,
    learningRate: step.learningRate * learningRateScale,
    decayed,
  }));
  const report: Record<string, number> = {};
  for (const segment of chain.segments) {
    if (segment.kind === "matrix") backend.runMatrix(segment, scalars);
    else Object.assign(report, runSegment(segment, backend, memory, step, tensors));
  }
  const { [updateNormReport]: update = Number.NaN, [parameterNormReport]: parameter = Number.NaN, ...own } = report;
  return { updateNorm: Math.sqrt(update), paramNorm: Math.sqrt(parameter), scalars: own };
}

/** Runs formulas, updates the memory, and returns what they report. */
export function runSegment(
  segment: ProgramSegment,
  backend: Pick<ChainBackend, "runStage">,
  memory: ScalarMemory,
  step: StepScalars,
  tensors: readonly TensorScalars[],
): Record<string, number> {
  const reductions = new Map<string, number | Float64Array>();
  const totalSize = tensors.reduce((total, { size }) => total + size, 0);
  const environment: ScalarEnvironment = { step: { ...step, totalSize }, tensors, remembered: memory, reductions };
  const program = segment.program(environment);
  for (const stage of program.stages) {
    const sums = backend.runStage(stage, scalarRows(stage, environment));
    stage.reductions.forEach((reduction, index) => {
      const each = sums[index] ?? new Float64Array();
      reductions.set(keyOf(reduction), scopeOf(reduction) === "step" ? each.reduce((total, value) => total + value, 0) : each);
    });
  }
  const reported = Object.fromEntries(program.report.map((entry) => [entry.name, summarize(entry, environment)]));
  const next = program.remembered.map(({ key, next: formula }) => {
    const perTensor = typeof memory.get(key) !== "number";
    const value = (tensor: number) => evaluateScalar(formula, environment, tensor);
    return [key, perTensor ? Float64Array.from(tensors, (_, tensor) => value(tensor)) : value(0)] as const;
  });
  for (const [key, value] of next) memory.set(key, value);
  return reported;
}

function scalarRows({ scalars }: Stage, environment: ScalarEnvironment): ScalarRows {
  const perTensor = scalars.map((formula) => scopeOf(formula) === "tensor");
  const rows = perTensor.includes(true) ? environment.tensors.length : 1;
  const slots = scalars.length;
  const values = new Float64Array(rows * slots);
  scalars.forEach((formula, slot) => {
    const shared = perTensor[slot] ? undefined : evaluateScalar(formula, environment, 0);
    for (let row = 0; row < rows; row++) values[row * slots + slot] = shared ?? evaluateScalar(formula, environment, row);
  });
  return { rows, slots, values };
}

/** NaN stands for a tensor that the scalar does not concern. */
function summarize({ name, value, over }: ReportEntry, environment: ScalarEnvironment): number {
  if (!isScalar(value)) throw new Error(`the report "${name}" is a vector`);
  if (scopeOf(value) === "step") return evaluateScalar(value, environment, 0);
  const values = environment.tensors.map((_, tensor) => evaluateScalar(value, environment, tensor)).filter((each) => !Number.isNaN(each));
  if (over === "mean") return values.reduce((total, each) => total + each, 0) / values.length;
  return over === "min" ? Math.min(...values) : Math.max(...values);
}
