import type { Scope } from "./expression.js";

/** A state of an expression transform: one tensor as large as the parameter, for each parameter. */
export interface StateStream {
  /** `<element>.<state>`, for example `scale_by_adam.m`: what a checkpoint calls it. */
  readonly key: string;
  /** What its elements start with; "parameter": a copy of the parameter. */
  readonly initial: StateStart;
}

export type StateStart = number | "parameter";

/** A scalar that is kept from step to step: one for the optimizer, or one for each tensor. */
export interface ScalarState {
  readonly key: string;
  readonly scope: Scope;
  readonly initial: number;
}

/** How the values of all tensors become one number of a metric point. */
export type Summary = "mean" | "min" | "max";
