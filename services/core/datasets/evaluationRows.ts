import type { Fault } from "../fault.js";
import type { DatasetSelection } from "../jobs/trainingJob.js";
import { quote } from "../quote.js";
import type { Example } from "./example.js";
import { selectRows } from "./selectRows.js";

/** What rows are called that a job validated on and that were cut from its training split. */
const cutRows = "validation";

type Splits = Pick<DatasetSelection, "trainSplit" | "validationSplit">;

/**
 * The splits that a job trains and validates on, as far as its caller chose them.
 * @param names of the data set's splits
 */
export function chosenSplits(
  { trainSplit: train, validationSplit, validationFraction }: Partial<DatasetSelection>,
  names: readonly string[],
): Splits {
  const trainSplit = train || "train";
  const isReady = names.includes("validation") && validationFraction === undefined && trainSplit !== "validation";
  const validation = validationSplit || (isReady ? "validation" : undefined);
  return { trainSplit, ...(validation !== undefined && { validationSplit: validation }) };
}

/** What an evaluation reads when it names no split: what the job validated on. */
export function validatedOn({ validationSplit }: Splits): string {
  return validationSplit ?? cutRows;
}

/**
 * Why a split that a caller named cannot be evaluated. `validation` names a split of the data set that is called so, or the rows that were cut from
 * the training split; where there are both, nobody can tell which was meant.
 * @param names of the data set's splits
 */
export function evaluatedSplitFault(split: string, selection: Splits, names: readonly string[]): Omit<Fault, "field"> | undefined {
  const { trainSplit, validationSplit } = selection;
  const hasCutRows = validationSplit === undefined;
  const isBoth = hasCutRows && names.includes(cutRows);
  const own = names.filter((name) => name !== trainSplit && !(isBoth && name === cutRows));
  const allowed = `allowed: ${[...new Set([...(hasCutRows && !isBoth ? [cutRows] : []), ...own])].join(", ") || "none"}`;
  if (split === trainSplit)
    return {
      reason: "TRAINED_ON",
      description: `${quote(split)} was trained on, so its accuracy says nothing about unseen text; ${allowed}`,
    };
  if (split === cutRows && isBoth)
    return {
      reason: "AMBIGUOUS",
      description:
        `the job validated on rows that were cut from ${quote(trainSplit)}, and the data set has a split "validation" that it did not use: ` +
        `leave the split out for what it validated on; ${allowed}`,
    };
  if (names.includes(split) || (split === cutRows && hasCutRows)) return undefined;
  return { reason: "NOT_FOUND", description: `the job's data set has no split ${quote(split)}; ${allowed}` };
}

/**
 * The rows of an evaluation: those of the split of this name, or those that the job cut from its training split to validate on, cut again.
 * @param readSplit reads one stored split
 * @param areClasses whether labels are class ids
 */
export async function evaluationRows(
  split: string,
  selection: DatasetSelection,
  seed: number,
  readSplit: (name: string) => Promise<Example[]>,
  areClasses = true,
): Promise<Example[]> {
  return split === cutRows && selection.validationSplit === undefined
    ? (await selectRows(selection, seed, readSplit, areClasses)).validation
    : await readSplit(split);
}
