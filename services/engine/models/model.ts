import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { ModelConfig } from "#core/models/modelConfig.js";
import type { ModelHead } from "#core/models/modelParameters.js";
import type { Gradient } from "../gradient.js";
import { free } from "../ops.js";
import type { Parameters } from "../parameters.js";

/** A model to compute with. */
export interface Model<Config extends ModelConfig = ModelConfig> {
  config: Config;
  /** What stands on it. */
  head: ModelHead;
  parameters: Parameters;
  /** Small matrices beside some linear layers, which are trained in the place of the rest; `undefined`: there are none. */
  adapter?: Adapter;
  /** Names of the parameters that training moves; `undefined`: all of them. */
  trained?: ReadonlySet<string>;
  /** Whether layers keep no more than their inputs for the backward pass, and compute the rest again: less memory, a third more time. */
  recomputes?: boolean;
}

/** A low-rank adapter: which linear layers it is beside, by the prefixes of their names, and how it runs. */
export interface Adapter {
  targets: ReadonlySet<string>;
  /** What its product is multiplied by. */
  factor: number;
  dropout: number;
  /** Names of what is saved with it: its own parameters and those of a head that is trained with it. */
  parameters: ReadonlySet<string>;
}

/** What one micro-batch gives. */
export interface MicroBatchResult {
  /** Sum of the losses of what its examples predict. */
  lossSum: number;
  /** Predictions whose most probable class or token is the right one; `undefined`: numbers are predicted. */
  correct: number | undefined;
}

/** Receives gradients by the names of their parameters and owns them from then on; a tied weight's come in parts, which add up. */
export type GradientSink = (name: string, gradient: Gradient) => void;

/** Whether training moves a parameter. */
export function isTrained({ trained }: Pick<Model, "trained">, name: string): boolean {
  return trained === undefined || trained.has(name);
}

/** A sink that drops gradients which nobody asked for. */
export function trainedOnly(model: Model, sink: GradientSink): GradientSink {
  return (name, gradient) => (isTrained(model, name) ? sink(name, gradient) : free(gradient));
}

/** A weight and a bias by their common prefix. */
export function pair(parameters: Parameters, prefix: string): { weight: Tensor; bias: Tensor } {
  return { weight: parameters.get(`${prefix}.weight`), bias: parameters.get(`${prefix}.bias`) };
}

/** Hands a weight's and a bias's gradient to a sink. */
export function give(sink: GradientSink, prefix: string, gradients: { weight: Tensor; bias: Tensor }): void {
  sink(`${prefix}.weight`, gradients.weight);
  sink(`${prefix}.bias`, gradients.bias);
}
