import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { Stage } from "#core/optimizers/program.js";
import type { ScalarRows } from "#core/optimizers/runChain.js";
import type { RowGradient } from "../gradient.js";

/** The streams of the parameters that one chain updates: float32 tensors of the parameter's shape. */
export interface StreamTable {
  readonly names: readonly string[];
  get(parameter: number, stream: string): Tensor;
  /** The rows of a stream of which only some rows are not 0 and none is written; `undefined`: it is whole. `get` makes it whole. */
  rows(parameter: number, stream: string): RowGradient | undefined;
  /** Puts a tensor in the place of an old one, which it disposes where it is another. */
  assign(parameter: number, stream: string, value: Tensor): void;
}

/**
 * Runs one stage over all parameters of a table.
 * @returns for each of the stage's reductions its sum over each parameter
 */
export type StageRunner = (stage: Stage, scalars: ScalarRows, table: StreamTable) => readonly Float64Array[];
