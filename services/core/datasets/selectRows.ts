import type { DatasetSelection } from "../jobs/trainingJob.js";
import type { Example } from "./example.js";
import { carveValidation } from "./carveValidation.js";
import { selectTrainRows } from "./selectTrainRows.js";

/**
 * The rows that a job trains and validates on. The same selection and seed give the same rows in every process, so an evaluation sees
 * exactly the validation rows that training did not.
 * @param readSplit reads one stored split
 * @param areClasses whether labels are class ids
 */
export async function selectRows(
  selection: DatasetSelection,
  seed: number,
  readSplit: (name: string) => Promise<Example[]>,
  areClasses = true,
): Promise<{ train: Example[]; validation: Example[] }> {
  const all = await readSplit(selection.trainSplit);
  const { train, validation } =
    selection.validationSplit === undefined
      ? carveValidation(all, selection.validationFraction ?? defaultValidationFraction, selection.splitSeed, areClasses)
      : { train: all, validation: await readSplit(selection.validationSplit) };
  return { train: selection.maxTrainRows === undefined ? train : selectTrainRows(train, selection.maxTrainRows, seed), validation };
}

/** Share of the training split that is cut off for validation when the data set has no validation split and the job names no share. */
export const defaultValidationFraction = 0.1;
