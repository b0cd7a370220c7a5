/** Square or tall matrices in float64, row by row. */
type Values = Float64Array<ArrayBuffer>;

/**
 * Q of a = QR by Householder's reflections, so that Q is orthogonal whatever the rank of `a`: Golub and Van Loan, Matrix Computations,
 * section 5.2. R's diagonal is not negative.
 * @param a [rows, columns], rows >= columns
 * @returns [rows, columns]
 */
export function orthogonalFactor(a: Float64Array, rows: number, columns: number): Values {
  const r = Float64Array.from(a);
  const reflections: Float64Array[] = [];
  const signs = new Float64Array(columns).fill(1);
  for (let j = 0; j < columns; j++) {
    const column = Float64Array.from({ length: rows }, (_, row) => (row < j ? 0 : (r[row * columns + j] ?? 0)));
    // Squares of what is scaled to 1 neither overflow nor vanish.
    const largest = column.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const v = column.map((value) => (largest === 0 ? 0 : value / largest));
    const diagonal = v[j] ?? 0;
    const length = Math.hypot(...v);
    v[j] = diagonal + (diagonal < 0 ? -length : length);
    const size = Math.hypot(...v);
    const reflection = v.map((value) => (size === 0 ? 0 : value / size));
    reflections.push(reflection);
    // The reflection leaves -length where the diagonal was positive.
    signs[j] = length > 0 && diagonal >= 0 ? -1 : 1;
    reflect(r, reflection, columns);
  }
  const q = new Float64Array(rows * columns);
  for (let j = 0; j < columns; j++) q[j * columns + j] = signs[j] ?? 1;
  for (const v of reflections.toReversed()) reflect(q, v, columns);
  return q;
}

/** a - 2 v v^T a. */
function reflect(a: Float64Array, v: Float64Array, columns: number): void {
  for (let column = 0; column < columns; column++) {
    let product = 0;
    v.forEach((value, row) => (product += value * (a[row * columns + column] ?? 0)));
    v.forEach((value, row) => (a[row * columns + column] = (a[row * columns + column] ?? 0) - 2 * value * product));
  }
}

/**
 * Eigenvectors of a symmetric matrix by Jacobi's rotations: Golub and Van Loan, Matrix Computations, section 8.5.
 * @param symmetric [size, size]
 * @returns the eigenvectors as columns and the eigenvalues of each, in the order of the matrix's axes
 */
export function symmetricEigen(symmetric: Float64Array, size: number): { vectors: Values; values: Values } {
  const a = Float64Array.from(symmetric);
  const vectors = Float64Array.from({ length: size * size }, (_, i) => Number(i % (size + 1) === 0));
  const at = (row: number, column: number) => a[row * size + column] ?? Number.NaN;
  for (let sweep = 0, rotated = true; rotated && sweep < 60; sweep++) {
    rotated = false;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) {
        // Below this it is rounding.
        if (Math.abs(at(p, q)) <= 1e-17 * Math.sqrt(Math.abs(at(p, p) * at(q, q)))) continue;
        rotated = true;
        const theta = (at(q, q) - at(p, p)) / (2 * at(p, q));
        const tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const cosine = 1 / Math.hypot(tangent, 1);
        const sine = tangent * cosine;
        for (let k = 0; k < size; k++) rotate(a, k * size + p, k * size + q, cosine, sine);
        for (let k = 0; k < size; k++) rotate(a, p * size + k, q * size + k, cosine, sine);
        for (let k = 0; k < size; k++) rotate(vectors, k * size + p, k * size + q, cosine, sine);
        a[p * size + q] = 0;
        a[q * size + p] = 0;
      }
  }
  return { vectors, values: Float64Array.from({ length: size }, (_, i) => at(i, i)) };
}

function rotate(a: Float64Array, i: number, j: number, cosine: number, sine: number): void {
  const [x = 0, y = 0] = [a[i], a[j]];
  a[i] = cosine * x - sine * y;
  a[j] = sine * x + cosine * y;
}
