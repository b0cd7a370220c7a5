import { cutGroups, type GroupedRows } from "./cutGroups.js";
import type { Example } from "./example.js";
import { foldedText } from "./foldedText.js";

/**
 * Cuts a validation part off a training split, stratified by class where the labels are classes. Copies of a text (`foldedText`), whatever their labels, stay on one side.
 * Every class with two or more distinct texts stands on both sides where that is possible. The order of the rows is kept within each part.
 * @param fraction share of the rows for validation, above 0 and below 1
 * @param seed a whole number from 0 to 2^53 - 1
 * @param areClasses whether labels are class ids
 * @throws RangeError for a fraction or seed outside its range
 */
export function carveValidation(
  examples: readonly Example[],
  fraction: number,
  seed: number,
  areClasses = true,
): { train: Example[]; validation: Example[] } {
  const rows = groupCopies(examples, areClasses);
  const { isValidation } = cutGroups(rows, fraction, seed);
  const isCutOff = (row: number) => isValidation[rows.groups[row] as number] === 1;
  return {
    train: examples.filter((_, row) => !isCutOff(row)),
    validation: examples.filter((_, row) => isCutOff(row)),
  };
}

function groupCopies(examples: readonly Example[], areClasses: boolean): GroupedRows {
  const numbers = new Map<string, number>();
  const groups = new Uint32Array(examples.length);
  for (const [row, example] of examples.entries()) {
    const text = foldedText(example);
    const number = numbers.get(text) ?? numbers.size;
    if (number === numbers.size) numbers.set(text, number);
    groups[row] = number;
  }
  return { groups, labels: Uint32Array.from(examples, ({ label }) => (areClasses ? label : 0)) };
}
