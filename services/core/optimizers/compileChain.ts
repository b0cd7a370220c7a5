import { isScalar, keyOf } from "./analyse.js";
import { type ChainElement, type ComposedChain, composeChain, type FormulaSegment, handoffStream, type MatrixSegment } from "./chain.js";
import { type CompiledSegment, compileProgram } from "./compileProgram.js";
import { conditionsOf } from "./conditions.js";
import type { HyperparameterValues } from "./defineTransform.js";
import { evaluateScalar, type ScalarEnvironment } from "./evaluateScalar.js";
import { type Expression, gradientStream, parameterStream, sampledGradientStream } from "./expression.js";
import type { ScalarState, StateStream } from "./streams.js";

/** Formulas whose program depends on how a few conditions turn out. */
export interface ProgramSegment {
  readonly kind: "program";
  /** The program for this step. Its conditions are of the kind that is known before the step. */
  program(environment: ScalarEnvironment): CompiledSegment;
  /** The programs for all ways that the conditions may turn out, some of which may never occur. */
  programs(): CompiledSegment[];
}

/** A chain, ready to run on any executor. */
export interface CompiledChain {
  /** The states of its expression transforms, each as large as the parameter; those of whole-tensor transforms are their own. */
  readonly states: readonly StateStream[];
  readonly remembered: readonly ScalarState[];
  readonly segments: readonly (ProgramSegment | MatrixSegment)[];
  /** The streams besides parameter and gradient that executors hold: states, and `handoff` where segments need it. */
  readonly streams: readonly string[];
  /** Writes the point where the model is evaluated into the stream `displaced`; left out: it is evaluated at the parameter. */
  readonly evaluationPoint?: ProgramSegment;
  /** Writes the point where the step's gradient is taken into the stream `displaced`, from the gradient at the parameter. */
  readonly gradientPoint?: ProgramSegment;
  /** In how many steps a gradient for labels that the model drew is wanted, from the first step on; 0: never. */
  readonly sampledGradientEvery: number;
}

/** Where a point beside the parameter is written. */
export const displacedStream = "displaced";

/**
 * Compiles a chain.
 * @param hyperparameters complete, as `validateOptimizer` returns them
 */
export function compileChain(chain: readonly ChainElement[], hyperparameters: HyperparameterValues): CompiledChain {
  const composed = composeChain(chain, hyperparameters);
  return {
    states: composed.states,
    remembered: composed.remembered,
    segments: composed.segments.map((segment) => (segment.kind === "matrix" ? segment : programSegment(segment))),
    streams: [...composed.states.map(({ key }) => key), ...(composed.handsOff ? [handoffStream] : [])],
    ...displaced(composed, "evaluationPoint"),
    ...displaced(composed, "gradientPoint"),
    sampledGradientEvery: composed.sampledGradientEvery,
  };
}

/** A chain that does nothing but choose the point where the gradient is taken. */
export function gradientPointOf({ gradientPoint }: CompiledChain): CompiledChain {
  return { states: [], remembered: [], segments: [], streams: [], ...(gradientPoint && { gradientPoint }), sampledGradientEvery: 0 };
}

/** The streams that executors take from outside in each step. */
export const givenStreams = [parameterStream, gradientStream, sampledGradientStream] as const;

function displaced<K extends "evaluationPoint" | "gradientPoint">(composed: ComposedChain, which: K): Partial<Record<K, ProgramSegment>> {
  const point: Expression | undefined = composed[which];
  if (!point) return {};
  const results = [{ stream: displacedStream, next: point }];
  return { [which]: programSegment({ kind: "formulas", results, remembered: [], report: [] }) } as Partial<Record<K, ProgramSegment>>;
}

function programSegment(segment: FormulaSegment): ProgramSegment {
  const roots = [...segment.results.map(({ next }) => next), ...segment.remembered.map(({ next }) => next)];
  const report = segment.report.map(({ value }) => value);
  const conditions = conditionsOf([...roots, ...report]);
  for (const { next } of segment.remembered) if (!isScalar(next)) throw new Error("a remembered scalar became a vector");
  const programs = new Map<string, CompiledSegment>();
  const programOf = (outcomes: readonly boolean[]): CompiledSegment => {
    const name = outcomes.map(Number).join("");
    let program = programs.get(name);
    if (!program) {
      program = compileProgram(segment, new Map(conditions.map((condition, index) => [keyOf(condition), outcomes[index] ?? false])));
      programs.set(name, program);
    }
    return program;
  };
  return {
    kind: "program",
    program: (environment) => programOf(conditions.map((condition) => evaluateScalar(condition, environment, 0) !== 0)),
    programs: () =>
      Array.from({ length: 2 ** conditions.length }, (_, bits) => programOf(conditions.map((_, index) => ((bits >> index) & 1) === 1))),
  };
}
