import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { MatrixComputation, RecordedMatrix, RecordedOperation } from "#core/optimizers/recordMatrices.js";
import { free } from "../ops.js";
import { tf } from "../tensorflow.js";
import { ownCopy, tensorAlgebra } from "./tensorAlgebra.js";

/** Operations that give memory of their own; what others give may be shared with what they were given, or with an array. */
const allocating: ReadonlySet<RecordedOperation["name"]> = new Set(["add", "sub", "mul", "div", "max", "sqrt", "matmul"]);

/**
 * Computes on tensors what was recorded, and frees each after its last use, those that were given to it first.
 * @param given of the shapes that were recorded, for the computation to free; all but `lent` have memory that no other tensor shares
 * @param lent places of tensors among them that stay the caller's
 * @returns the results, new tensors of the caller; each has memory that no other tensor shares, so that a kernel may write into it
 */
export function computeMatrices({ operations, results }: MatrixComputation, given: readonly Tensor[], lent: ReadonlySet<number>): Tensor[] {
  return tf.tidy(() => {
    const tensors = [...given];
    const at = ({ place }: RecordedMatrix): Tensor => tensors[place] ?? missing();
    const own = new Set([...given.keys()].filter((place) => !lent.has(place)));
    for (const { name, result, run, lastUses } of operations) {
      tensors[result.place] = tf.tidy(() => run(tensorAlgebra, at));
      if (allocating.has(name)) own.add(result.place);
      for (const last of lastUses) if (!lent.has(last.place)) at(last).dispose();
    }
    const computed = results.map((result) => (own.delete(result.place) ? at(result) : ownCopy(at(result))));
    free(...given.filter((tensor, place) => !lent.has(place) && !computed.includes(tensor)));
    return computed;
  });
}

function missing(): never {
  throw new RangeError("a recorded operation reads what was never computed");
}
