/**
 * Counts of examples by true and predicted class.
 * @param labels true class ids, each from 0 to `classes` - 1
 * @param predictions predicted class ids, as many
 * @param classes number of classes, from 1
 * @returns matrix[true class][predicted class]
 * @throws RangeError when the lengths differ or an id is not a class
 */
export function confusionMatrix(labels: ArrayLike<number>, predictions: ArrayLike<number>, classes: number): number[][] {
  if (!Number.isSafeInteger(classes) || classes < 1) throw new RangeError(`classes is ${classes}; allowed: a whole number from 1`);
  if (labels.length !== predictions.length)
    throw new RangeError(`there are ${labels.length} labels and ${predictions.length} predictions; allowed: as many of each`);
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let index = 0; index < labels.length; index++) {
    const row = matrix[classId("labels", labels, index, classes)] as number[];
    const column = classId("predictions", predictions, index, classes);
    row[column] = (row[column] ?? 0) + 1;
  }
  return matrix;
}

function classId(name: string, ids: ArrayLike<number>, index: number, classes: number): number {
  const id = ids[index] as number;
  if (!Number.isInteger(id) || id < 0 || id >= classes)
    throw new RangeError(`${name}[${index}] is ${id}; allowed: a whole number from 0 to ${classes - 1}`);
  return id;
}
