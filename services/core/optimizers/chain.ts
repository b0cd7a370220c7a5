import type { HyperparameterValues, Report, Transform } from "./defineTransform.js";
import type { MatrixTransform } from "./defineMatrixTransform.js";
import type { Wrapper } from "./defineWrapper.js";
import { add, type Expression, gradientScale, gradientStream, mul, parameterStream, type Scope, stream, sub } from "./expression.js";
import type { ScalarState, StateStart, StateStream, Summary } from "./streams.js";

/** An element of the catalogue that a chain is made of. */
export type Element = Transform | MatrixTransform | Wrapper;

/** An element in a chain, with what the preset decides about its hyperparameters. */
export interface ChainElement {
  readonly element: Element;
  /** Hyperparameters that the preset decides and its user does not see; they may follow from those that the user sees. */
  readonly fixed: HyperparameterValues | ((hyper: HyperparameterValues) => HyperparameterValues);
  /** Hyperparameters that the user knows by another name. */
  readonly names: Readonly<Record<string, string>>;
}

/** Puts an element into a chain. */
export function use(element: Element, fixed: ChainElement["fixed"] = {}, names: ChainElement["names"] = {}): ChainElement {
  return { element, fixed, names };
}

/** An element's hyperparameters from those of the optimizer. */
export function elementHyper({ fixed, names }: ChainElement, hyperparameters: HyperparameterValues): HyperparameterValues {
  const renamed = Object.entries(names).flatMap(([own, name]) => {
    const value = hyperparameters[name];
    return value === undefined ? [] : [[own, value] as const];
  });
  return { ...hyperparameters, ...Object.fromEntries(renamed), ...(typeof fixed === "function" ? fixed(hyperparameters) : fixed) };
}

/** A part of a step: formulas over streams, or a whole-tensor transform that reads and writes the `handoff` stream. */
export type Segment = FormulaSegment | MatrixSegment;

export interface FormulaSegment {
  readonly kind: "formulas";
  /** Streams with what they become, from the streams before the segment. */
  readonly results: readonly { readonly stream: string; readonly next: Expression }[];
  readonly remembered: readonly { readonly key: string; readonly next: Expression }[];
  readonly report: readonly ReportEntry[];
}

export interface MatrixSegment {
  readonly kind: "matrix";
  readonly transform: MatrixTransform;
  readonly hyper: HyperparameterValues;
  /** The first part of its states' keys. */
  readonly name: string;
}

export interface ReportEntry {
  readonly name: string;
  readonly value: Expression;
  readonly over: Summary;
}

/** A chain's formulas. */
export interface ComposedChain {
  readonly states: readonly StateStream[];
  readonly remembered: readonly ScalarState[];
  readonly segments: readonly Segment[];
  /** Whether whole-tensor transforms need the stream `handoff` between segments. */
  readonly handsOff: boolean;
  /** Where the model is evaluated, from the streams after a step; left out: at the parameter. */
  readonly evaluationPoint?: Expression;
  /** Where the gradient of the step is taken, from the gradient at the parameter; left out: at the parameter. */
  readonly gradientPoint?: Expression;
  /** In how many steps a gradient for labels that the model drew is wanted; 0: never. */
  readonly sampledGradientEvery: number;
}

/** What a whole-tensor transform and the formulas after it exchange. */
export const handoffStream = "handoff";
/** What a step adds to the parameter, and the parameter after it: reported for every optimizer as sums of squares. */
export const updateNormReport = "update_norm";
export const parameterNormReport = "param_norm";

/** The elements that do something with these values, in order. */
export function activeElements(chain: readonly ChainElement[], hyperparameters: HyperparameterValues): ChainElement[] {
  return chain.filter((each) => !each.element.identity(elementHyper(each, hyperparameters)));
}

/**
 * Composes a chain: each transform's update is the next one's input, the first one's is the gradient times the clipping factor; wrappers
 * work around what stands before them.
 * @param hyperparameters complete, as `validateOptimizer` returns them
 */
export function composeChain(chain: readonly ChainElement[], hyperparameters: HyperparameterValues): ComposedChain {
  const parameter = stream(parameterStream);
  const gradient = mul(gradientScale, stream(gradientStream));
  const composed = new Composition();
  let update: Expression = gradient;
  let updated: Expression | undefined;
  let evaluationPoint: Expression | undefined;
  let gradientPoint: Expression | undefined;
  let sampledGradientEvery = 0;
  for (const each of activeElements(chain, hyperparameters)) {
    const { element } = each;
    const hyper = elementHyper(each, hyperparameters);
    const name = composed.nameOf(element.name);
    if (element.kind === "matrix") {
      composed.handOff(update, { kind: "matrix", transform: element, hyper, name });
      update = stream(handoffStream);
      continue;
    }
    const declared = { state: element.state(hyper), remembered: element.remembered(hyper) };
    const before = composed.declare(name, declared);
    if (element.kind === "transform") {
      const next = element.update({ update, gradient, parameter, ...before, hyper });
      composed.take(name, declared, next);
      ({ update } = next);
      sampledGradientEvery = sampledGradientEvery || element.sampledGradientEvery(hyper);
    } else {
      const next = element.after({ parameter, update, updated: updated ?? add(parameter, update), ...before, hyper });
      composed.take(name, declared, next);
      updated = next.parameter;
      update = sub(updated, parameter);
      if (element.movesEvaluation) evaluationPoint = element.evaluationPoint({ parameter, ...before, hyper });
      if (element.movesGradient) gradientPoint = element.gradientPoint({ parameter, gradient, hyper });
    }
  }
  return {
    ...composed.finish(updated ?? add(parameter, update), update),
    ...(evaluationPoint && { evaluationPoint }),
    ...(gradientPoint && { gradientPoint }),
    sampledGradientEvery,
  };
}

interface Declared {
  state: Readonly<Record<string, StateStart>>;
  remembered: Readonly<Record<string, { initial: number; scope: Scope }>>;
}

class Composition {
  readonly #states: StateStream[] = [];
  readonly #remembered: ScalarState[] = [];
  readonly #segments: Segment[] = [];
  readonly #names = new Map<string, number>();
  #results: { stream: string; next: Expression }[] = [];
  #next: { key: string; next: Expression }[] = [];
  #report: ReportEntry[] = [];

  /** The element's name, numbered from the second of its kind on. */
  nameOf(element: string): string {
    const count = (this.#names.get(element) ?? 0) + 1;
    this.#names.set(element, count);
    return count === 1 ? element : `${element}_${count}`;
  }

  /** The leaves that stand for an element's states and scalars. */
  declare(name: string, { state, remembered }: Declared) {
    for (const [key, initial] of Object.entries(state)) this.#states.push({ key: `${name}.${key}`, initial });
    for (const [key, { initial, scope }] of Object.entries(remembered)) this.#remembered.push({ key: `${name}.${key}`, scope, initial });
    return {
      state: mapEntries(state, (key) => stream(`${name}.${key}`)),
      remembered: mapEntries(remembered, (key, { scope }): Expression => ({ kind: "remembered", key: `${name}.${key}`, scope })),
    };
  }

  /** What an element's states and scalars become. */
  take(
    name: string,
    declared: Declared,
    next: { state?: Partial<Record<string, Expression>>; remembered?: Partial<Record<string, Expression>>; report?: Report },
  ) {
    for (const key of Object.keys(declared.state))
      this.#results.push({ stream: `${name}.${key}`, next: next.state?.[key] ?? unset(name, key) });
    for (const key of Object.keys(declared.remembered))
      this.#next.push({ key: `${name}.${key}`, next: next.remembered?.[key] ?? unset(name, key) });
    for (const [key, { value, over }] of Object.entries(next.report ?? {})) this.#report.push({ name: key, value, over });
  }

  handOff(update: Expression, segment: MatrixSegment): void {
    // Two whole-tensor transforms side by side hand the stream on as it is.
    if (!(update.kind === "stream" && update.stream === handoffStream && this.#results.length === 0)) {
      this.#results.push({ stream: handoffStream, next: update });
      this.#close();
    }
    this.#segments.push(segment);
  }

  finish(next: Expression, update: Expression): Pick<ComposedChain, "states" | "remembered" | "segments" | "handsOff"> {
    const handsOff = this.#segments.length > 0;
    this.#results.push({ stream: parameterStream, next });
    this.#report.push(
      { name: updateNormReport, value: sumSquares(update), over: "mean" },
      { name: parameterNormReport, value: sumSquares(next), over: "mean" },
    );
    this.#close();
    return { states: this.#states, remembered: this.#remembered, segments: this.#segments, handsOff };
  }

  #close(): void {
    this.#segments.push({ kind: "formulas", results: this.#results, remembered: this.#next, report: this.#report });
    this.#results = [];
    this.#next = [];
    this.#report = [];
  }
}

const sumSquares = (of: Expression): Expression => ({ kind: "reduction", reduce: "sumSquares", scope: "step", of });

function mapEntries<T, R>(record: Readonly<Record<string, T>>, map: (key: string, value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(key, value)]));
}

function unset(name: string, key: string): never {
  throw new Error(`${name} declares "${key}" and does not update it`);
}
