import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { add, addToRows, concatRows, free, sumIntoRows } from "./ops.js";
import { tf } from "./tensorflow.js";

/** A parameter's gradient: numbers in its shape, or those rows of a table that were looked up. */
export type Gradient = Tensor | RowGradient;

/** A gradient [size, n] that is 0 but for row `places[i]`, which is row i of `rows` [k, n]. It owns `rows`. */
export class RowGradient {
  constructor(
    readonly rows: Tensor,
    /** Ascending, each once. */
    readonly places: Int32Array,
    /** Rows of the whole. */
    readonly size: number,
  ) {}

  /**
   * Of a table of `size` rows: adds row i of dy to row indices[i].
   * @param dy [k, n]; stays the caller's
   * @param indices each from 0 to size - 1, in any order, as often as it was looked up
   */
  static of(dy: Tensor, indices: Int32Array, size: number): RowGradient {
    const places = Int32Array.from(new Set(indices)).toSorted();
    const order = new Map(Array.from(places, (place, at) => [place, at]));
    const local = tf.tensor1d(
      indices.map((index) => order.get(index) ?? 0),
      "int32",
    );
    const rows = sumIntoRows(dy, local, places.length);
    free(local);
    return new RowGradient(rows, places, size);
  }

  /** All of it; a new tensor of the caller. */
  dense(): Tensor {
    const indices = tf.tensor1d(this.places, "int32");
    const whole = sumIntoRows(this.rows, indices, this.size);
    free(indices);
    return whole;
  }

  dispose(): void {
    free(this.rows);
  }
}

/** The numbers of a gradient that are not known to be 0; they stay the gradient's. */
export function storedNumbers(gradient: Gradient): Tensor {
  return gradient instanceof RowGradient ? gradient.rows : gradient;
}

/** The sum of two gradients of one parameter, which it disposes. */
export function addGradients(a: Gradient, b: Gradient): Gradient {
  try {
    if (a instanceof RowGradient) return b instanceof RowGradient ? addRows(a, b) : addToRows(b, a.rows, a.places);
    return b instanceof RowGradient ? addToRows(a, b.rows, b.places) : add(a, b);
  } finally {
    free(a, b);
  }
}

function addRows(a: RowGradient, b: RowGradient): RowGradient {
  const all = concatRows([a.rows, b.rows]);
  const sum = RowGradient.of(all, Int32Array.from([...a.places, ...b.places]), a.size);
  free(all);
  return sum;
}
