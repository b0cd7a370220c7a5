import type { TrainingTask } from "../jobs/trainingJob.js";

/** Columns of predictions that were made elsewhere, by the contract's names. */
export const columnNames = [
  "labels",
  "predicted",
  "probabilities",
  "targets",
  "predicted_numbers",
  "losses",
  "tokens",
  "correct_tokens",
  "groups",
] as const;
export type ColumnName = (typeof columnNames)[number];

/** Some rows: values of each column there is, one a row, of `probabilities` one a class. */
export type PredictionColumns = Partial<Record<ColumnName, Uint32Array | Float64Array>>;

const numberColumns: ReadonlySet<ColumnName> = new Set(["probabilities", "targets", "predicted_numbers", "losses"]);

/** A column's values: doubles, or whole numbers from 0 to 2^32 - 1. */
export function columnType(name: ColumnName): typeof Float64Array | typeof Uint32Array {
  return numberColumns.has(name) ? Float64Array : Uint32Array;
}

/** What a task's rows have. */
interface TaskColumns {
  needed: readonly ColumnName[];
  /** At least one of them. */
  someOf: readonly ColumnName[];
  /** What is true, whoever predicts it. */
  truth: ColumnName;
}

export const taskColumns: Readonly<Record<TrainingTask, TaskColumns>> = {
  classification: { needed: ["labels"], someOf: ["predicted", "probabilities"], truth: "labels" },
  regression: { needed: ["targets", "predicted_numbers"], someOf: [], truth: "targets" },
  causal_lm: { needed: ["losses", "tokens", "correct_tokens"], someOf: [], truth: "tokens" },
};

/** What predictions may have at most. */
export const sentLimits = { rows: 10_000_000, classes: 256, groups: 1_000_000, nameCharacters: 100, bytes: 2 ** 30 };
/** How far from 1 a row's probabilities may add up to. */
export const sumTolerance = 1e-3;
