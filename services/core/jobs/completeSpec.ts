import { defaultValidationFraction } from "../datasets/selectRows.js";
import type { Fault } from "../fault.js";
import { asFloat32 } from "../optimizers/hyperparameter.js";
import { type OptimizerDraft, validateOptimizer } from "../optimizers/validateOptimizer.js";
import { quote } from "../quote.js";
import { defaultSchedule, type ScheduleDraft, stepsFault, validateSchedule } from "../schedules/validateSchedule.js";
import type { DatasetSelection, TrainingSpec } from "./trainingJob.js";

/** A job as its caller wrote it: what was left out is `undefined`. */
export interface TrainingJobDraft {
  task?: string;
  model?: string;
  dataset?: Partial<DatasetSelection>;
  optimizer?: OptimizerDraft;
  schedule?: ScheduleDraft;
  maxGradNorm?: number;
  epochs?: number;
  maxSteps?: number;
  batchSize?: number;
  microBatchTokens?: number;
  maxLength?: number;
  seed?: number;
  evaluateEvery?: number;
  onNan?: string;
  keepTrainingState?: boolean;
  resumeFrom?: string;
}

/** The model that `model` stands for when it is empty. */
export const defaultModel = "all-MiniLM-L6-v2";

const defaults = { epochs: 3, batchSize: 32, microBatchTokens: 4096, maxLength: 128, seed: 0, maxGradNorm: 1 };

/**
 * Fills in every default and checks every value that can be checked without the model and the data set.
 * @param splits the data set's splits, when it is known
 * @returns the spec when there is no fault, and all faults otherwise; fields start with `training_job.`
 */
export function completeSpec(
  draft: TrainingJobDraft,
  splits?: readonly { name: string; rows: number }[],
): { spec?: TrainingSpec; faults: Fault[] } {
  const faults: Fault[] = [];
  const at = (field: string) => `training_job.${field}`;
  const check = (field: string, value: number | undefined, rule: NumberRule, fallback: number): number => {
    const fault = value === undefined ? undefined : numberFault(at(field), value, rule);
    if (fault) faults.push(fault);
    return value ?? fallback;
  };

  if (draft.task !== undefined && draft.task !== "classification")
    faults.push({
      field: at("task"),
      reason: "UNSUPPORTED",
      description: `${quote(draft.task)} is not supported; allowed: "classification"`,
    });
  if (draft.epochs !== undefined && draft.maxSteps !== undefined)
    faults.push({
      field: at("max_steps"),
      reason: "CONFLICT",
      description: `both epochs (${draft.epochs}) and max_steps (${draft.maxSteps}) are set; give one of them`,
    });
  if (draft.onNan !== undefined && draft.onNan !== "FAIL" && draft.onNan !== "SKIP")
    faults.push({
      field: at("on_nan"),
      reason: "UNKNOWN_VALUE",
      description: `${quote(draft.onNan)} is not a policy; allowed: FAIL, SKIP`,
    });

  const maxSteps = draft.maxSteps === undefined ? undefined : check("max_steps", draft.maxSteps, counted(1, 100_000_000), 1);
  const epochs = maxSteps === undefined ? check("epochs", draft.epochs, { above: 0, atMost: 10_000 }, defaults.epochs) : undefined;
  const optimizer = validateOptimizer(draft.optimizer ?? { name: "" }, at("optimizer"));
  faults.push(...optimizer.faults);
  const schedule = { ...defaultSchedule, ...draft.schedule };
  if (draft.schedule?.warmupSteps !== undefined && draft.schedule.warmupRatio === undefined) delete schedule.warmupRatio;
  const checked = validateSchedule(schedule, at("schedule"));
  faults.push(...checked.faults);
  // With epochs the number of steps is known when the rows are.
  const unreached =
    maxSteps === undefined ? undefined : stepsFault({ ...schedule, options: checked.options ?? {} }, maxSteps, at("schedule"));
  if (unreached) faults.push(unreached);
  const evaluateEvery =
    draft.evaluateEvery === undefined ? undefined : check("evaluate_every", draft.evaluateEvery, counted(0, 100_000_000), 0);

  const spec: TrainingSpec = {
    task: "classification",
    model: draft.model || defaultModel,
    dataset: completeDataset(draft.dataset ?? {}, splits, check, faults),
    optimizer: optimizer.selection,
    schedule: { ...schedule, options: checked.options ?? {} },
    maxGradNorm: check("max_grad_norm", draft.maxGradNorm, { atLeast: 0, atMost: 1e6 }, defaults.maxGradNorm),
    ...(epochs === undefined ? {} : { epochs }),
    ...(maxSteps === undefined ? {} : { maxSteps }),
    batchSize: check("batch_size", draft.batchSize, counted(1, 65_536), defaults.batchSize),
    microBatchTokens: check("micro_batch_tokens", draft.microBatchTokens, counted(32, 1_000_000), defaults.microBatchTokens),
    maxLength: check("max_length", draft.maxLength, counted(4, 1_000_000), defaults.maxLength),
    seed: check("seed", draft.seed, counted(0, Number.MAX_SAFE_INTEGER), defaults.seed),
    ...(evaluateEvery === undefined ? {} : { evaluateEvery }),
    onNan: draft.onNan === "SKIP" ? "SKIP" : "FAIL",
    keepTrainingState: draft.keepTrainingState ?? false,
    ...(draft.resumeFrom === undefined ? {} : { resumeFrom: draft.resumeFrom }),
  };
  if (spec.maxGradNorm > 0 && asFloat32(spec.maxGradNorm) === 0)
    faults.push({
      field: at("max_grad_norm"),
      reason: "OUT_OF_RANGE",
      description: `${spec.maxGradNorm} is 0 in float32, and every gradient would be clipped to nothing; allowed: 0 (no clipping), or at least 1.2e-38`,
    });
  return faults.length > 0 ? { faults } : { spec, faults };
}

function completeDataset(
  dataset: Partial<DatasetSelection>,
  splits: readonly { name: string; rows: number }[] | undefined,
  check: (field: string, value: number | undefined, rule: NumberRule, fallback: number) => number,
  faults: Fault[],
): DatasetSelection {
  const at = (field: string) => `training_job.dataset.${field}`;
  if (!dataset.id) faults.push({ field: at("id"), reason: "REQUIRED", description: "is empty; import a data set first and give its id" });
  const splitFault = (field: string, name: string | undefined) => {
    if (name === undefined || !splits || splits.some((split) => split.name === name)) return;
    const names = splits.map((split) => `"${split.name}"`).join(", ");
    faults.push({ field: at(field), reason: "NOT_FOUND", description: `the data set has no split ${quote(name)}; it has ${names}` });
  };
  const trainSplit = dataset.trainSplit || "train";
  splitFault("train_split", trainSplit);
  splitFault("validation_split", dataset.validationSplit);
  if (dataset.validationSplit && dataset.validationFraction !== undefined)
    faults.push({
      field: at("validation_fraction"),
      reason: "CONFLICT",
      description: `both validation_split (${quote(dataset.validationSplit)}) and validation_fraction (${dataset.validationFraction}) are set; give one of them`,
    });
  if (dataset.validationSplit === trainSplit)
    faults.push({
      field: at("validation_split"),
      reason: "CONFLICT",
      description: `${quote(trainSplit)} is also the training split: its accuracy would say nothing about unseen text`,
    });
  const fraction = check("dataset.validation_fraction", dataset.validationFraction, { above: 0, below: 1 }, defaultValidationFraction);
  const readyValidation =
    splits?.some((split) => split.name === "validation") && dataset.validationFraction === undefined && trainSplit !== "validation";
  const validationSplit = dataset.validationSplit || (readyValidation ? "validation" : undefined);
  const maxTrainRows =
    dataset.maxTrainRows === undefined ? undefined : check("dataset.max_train_rows", dataset.maxTrainRows, counted(1, 2 ** 31 - 1), 1);
  return {
    id: dataset.id ?? "",
    trainSplit,
    ...(validationSplit === undefined ? { validationFraction: fraction } : { validationSplit }),
    splitSeed: check("dataset.split_seed", dataset.splitSeed, counted(0, Number.MAX_SAFE_INTEGER), 0),
    ...(maxTrainRows === undefined ? {} : { maxTrainRows }),
  };
}

interface NumberRule {
  integer?: boolean;
  above?: number;
  atLeast?: number;
  below?: number;
  atMost?: number;
}

function counted(atLeast: number, atMost: number): NumberRule {
  return { integer: true, atLeast, atMost };
}

function numberFault(field: string, value: number, rule: NumberRule): Fault | undefined {
  const allowed = [
    rule.integer ? "a whole number" : "a number",
    ...(rule.above === undefined ? [] : [`above ${rule.above}`]),
    ...(rule.atLeast === undefined ? [] : [`at least ${rule.atLeast}`]),
    ...(rule.below === undefined ? [] : [`below ${rule.below}`]),
    ...(rule.atMost === undefined ? [] : [`at most ${rule.atMost}`]),
  ].join(", ");
  const fits =
    Number.isFinite(value) &&
    (!rule.integer || Number.isInteger(value)) &&
    (rule.above === undefined || value > rule.above) &&
    (rule.atLeast === undefined || value >= rule.atLeast) &&
    (rule.below === undefined || value < rule.below) &&
    (rule.atMost === undefined || value <= rule.atMost);
  return fits ? undefined : { field, reason: "OUT_OF_RANGE", description: `${value} is out of range; allowed: ${allowed}` };
}
