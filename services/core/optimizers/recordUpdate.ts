import type { MatrixSegment } from "./chain.js";
import type { MatrixScalars, MatrixShape } from "./defineMatrixTransform.js";
import { type MatrixComputation, recordMatrices } from "./recordMatrices.js";

/** The place of the parameter among what an update is computed from. */
export const recordedParameter = 1;

/**
 * What a whole-tensor transform computes in one step for one parameter: from the update so far, the parameter and the states in the order in
 * which they are declared, the new update and the new states in the same order.
 */
export function recordUpdate({ transform, hyper }: MatrixSegment, shape: MatrixShape, scalars: MatrixScalars): MatrixComputation {
  const states = Object.entries(transform.state(shape, hyper));
  const keys = states.map(([key]) => key);
  return recordMatrices([shape, shape, ...states.map(([, state]) => state)], (algebra, [given, parameter, ...before]) => {
    if (!given || !parameter) throw new Error("an update starts from the update so far and the parameter");
    const state = Object.fromEntries(before.map((matrix, at) => [keys[at] ?? "", matrix]));
    const next = transform.update({ algebra, update: given, parameter, state, hyper, ...scalars }, shape);
    const after = keys.map((key) => {
      const matrix = next.state[key];
      if (!matrix) throw new Error(`${transform.name} declares "${key}" and does not update it`);
      return matrix;
    });
    return [next.update, ...after];
  });
}
