/** Names of parameters, each with its shape. */
export type ParameterShapes = Iterable<readonly [name: string, shape: readonly number[]]>;

/** How many numbers the shapes hold together. */
export function parameterCount(shapes: ParameterShapes): number {
  let count = 0;
  for (const [, shape] of shapes) count += shape.reduce((product, size) => product * size, 1);
  return count;
}
