/**
 * Why nothing can be computed from values, where one of them is no finite number: bounds of it would be none either, and would not say so.
 * @param what one of them is called, for example "value"
 * @returns undefined where all are finite
 */
export function notFinite(what: string, values: ArrayLike<number>): string | undefined {
  for (let index = 0; index < values.length; index++)
    if (!Number.isFinite(values[index])) return `${what} ${index} is ${values[index]}: nothing can be said from what is no finite number`;
  return undefined;
}
