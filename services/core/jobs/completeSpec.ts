import { type DatasetKind, taskOf } from "../datasets/datasetColumns.js";
import { chosenSplits } from "../datasets/evaluationRows.js";
import { defaultValidationFraction } from "../datasets/selectRows.js";
import type { Fault } from "../fault.js";
import { drawsLabels } from "../optimizers/drawsLabels.js";
import { asFloat32 } from "../optimizers/hyperparameter.js";
import { type OptimizerDraft, validateOptimizer } from "../optimizers/validateOptimizer.js";
import { quote } from "../quote.js";
import { defaultSchedule, type ScheduleDraft, stepsFault, validateSchedule } from "../schedules/validateSchedule.js";
import { completeLora, type LoraDraft } from "./completeLora.js";
import { type CheckNumber, counted, numberFault } from "./numberRule.js";
import { type DatasetSelection, type Precision, precisions, type TrainingSpec, type TrainingTask, trainingTasks } from "./trainingJob.js";

/** A job as its caller wrote it: what was left out is `undefined`. */
export interface TrainingJobDraft {
  task?: string;
  model?: string;
  dataset?: Partial<DatasetSelection>;
  optimizer?: OptimizerDraft;
  lora?: LoraDraft;
  precision?: string;
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
  recomputeActivations?: boolean;
  resumeFrom?: string;
}

/** The model that `model` stands for when it is empty. */
export const defaultModel = "all-MiniLM-L6-v2";

const defaults = { epochs: 3, batchSize: 32, microBatchTokens: 4096, maxLength: 128, seed: 0, maxGradNorm: 1 };

/**
 * Fills in every default and checks every value that can be checked without the model and the data set.
 * @param dataset what it has and its splits, when it is known
 * @param lengths what `max_length` may be for the model and the data set, when they are known; the caller says what is beyond them
 * @returns the spec when there is no fault, and all faults otherwise; fields start with `training_job.`
 */
export function completeSpec(
  draft: TrainingJobDraft,
  dataset?: { kind: DatasetKind; splits: readonly { name: string; rows: number }[] },
  lengths?: { least: number; most: number },
): { spec?: TrainingSpec; faults: Fault[] } {
  const faults: Fault[] = [];
  const at = (field: string) => `training_job.${field}`;
  const check: CheckNumber = (field, value, rule, fallback) => {
    const fault = value === undefined ? undefined : numberFault(at(field), value, rule);
    if (fault) faults.push(fault);
    return value ?? fallback;
  };

  const choose = <T extends string>(field: string, value: string | undefined, allowed: readonly T[], fallback: T): T => {
    const found = allowed.find((each) => each === value);
    if (value !== undefined && found === undefined)
      faults.push({
        field: at(field),
        reason: "UNSUPPORTED",
        description: `${quote(value)} is not supported; allowed: ${allowed.map(quote).join(", ")}`,
      });
    return found ?? fallback;
  };
  const task = choose<TrainingTask>("task", draft.task, trainingTasks, dataset === undefined ? "classification" : taskOf[dataset.kind]);
  const precision = choose<Precision>("precision", draft.precision, precisions, "float32");
  if (draft.task !== undefined && dataset !== undefined && task !== taskOf[dataset.kind])
    faults.push({
      field: at("task"),
      reason: "CONFLICT",
      description: `is ${quote(task)}, but the data set has ${dataset.kind}; allowed: ${quote(taskOf[dataset.kind])}, or leave it out`,
    });
  if (draft.lora !== undefined && draft.keepTrainingState)
    faults.push({
      field: at("keep_training_state"),
      reason: "CONFLICT",
      description: "cannot be true with lora: the state of an adapter is not kept; leave one of the two out",
    });
  if (draft.lora !== undefined && draft.resumeFrom !== undefined)
    faults.push({
      field: at("lora"),
      reason: "CONFLICT",
      description: "cannot be set with resume_from: a job goes on as it began; leave one of the two out",
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

  const stepsRule = counted(1, 100_000_000);
  const maxSteps = draft.maxSteps === undefined ? undefined : check("max_steps", draft.maxSteps, stepsRule, 1);
  const epochs = maxSteps === undefined ? check("epochs", draft.epochs, { above: 0, atMost: 10_000 }, defaults.epochs) : undefined;
  const optimizer = validateOptimizer(draft.optimizer ?? { name: "" }, at("optimizer"));
  faults.push(...optimizer.faults);
  if (optimizer.faults.length === 0 && task !== "classification" && drawsLabels(optimizer.selection))
    faults.push({
      field: at("optimizer"),
      reason: "CONFLICT",
      description: `${quote(optimizer.selection.name)} draws labels from a classifier's outputs, and the task is ${quote(task)}; allowed: another optimizer`,
    });
  const schedule = { ...defaultSchedule, ...draft.schedule };
  if (draft.schedule?.warmupSteps !== undefined && draft.schedule.warmupRatio === undefined) delete schedule.warmupRatio;
  const checked = validateSchedule(schedule, at("schedule"));
  faults.push(...checked.faults);
  // With epochs the number of steps is known when the rows are; a number that is at fault says nothing of the schedule.
  const unreached =
    maxSteps === undefined || numberFault("", maxSteps, stepsRule) !== undefined
      ? undefined
      : stepsFault({ ...schedule, options: checked.options ?? {} }, maxSteps, at("schedule"));
  if (unreached) faults.push(unreached);
  const evaluateEvery =
    draft.evaluateEvery === undefined ? undefined : check("evaluate_every", draft.evaluateEvery, counted(0, 100_000_000), 0);

  const spec: TrainingSpec = {
    task,
    model: draft.model || defaultModel,
    dataset: completeDataset(draft.dataset ?? {}, dataset?.splits, check, faults),
    optimizer: optimizer.selection,
    ...(draft.lora && { lora: completeLora(draft.lora, check, faults) }),
    precision,
    schedule: { ...schedule, options: checked.options ?? {} },
    maxGradNorm: check("max_grad_norm", draft.maxGradNorm, { atLeast: 0, atMost: 1e6 }, defaults.maxGradNorm),
    ...(epochs === undefined ? {} : { epochs }),
    ...(maxSteps === undefined ? {} : { maxSteps }),
    batchSize: check("batch_size", draft.batchSize, counted(1, 65_536), defaults.batchSize),
    microBatchTokens: check("micro_batch_tokens", draft.microBatchTokens, counted(32, 1_000_000), defaults.microBatchTokens),
    maxLength: check("max_length", draft.maxLength, counted(lengths ? 1 : 4, 1_000_000), defaultLength(lengths)),
    ...(draft.maxLength === undefined && lengths === undefined ? { maxLengthOpen: true } : {}),
    seed: check("seed", draft.seed, counted(0, Number.MAX_SAFE_INTEGER), defaults.seed),
    ...(evaluateEvery === undefined ? {} : { evaluateEvery }),
    onNan: draft.onNan === "SKIP" ? "SKIP" : "FAIL",
    keepTrainingState: draft.keepTrainingState ?? false,
    ...(draft.recomputeActivations && { recomputeActivations: true }),
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

/** The spec with a `maxLength` for the model, which was not known when the job was created. */
export function withLength({ maxLengthOpen, ...spec }: TrainingSpec, lengths: { least: number; most: number }): TrainingSpec {
  return maxLengthOpen ? { ...spec, maxLength: defaultLength(lengths) } : spec;
}

function defaultLength({ least, most } = { least: 1, most: Infinity }): number {
  return Math.max(least, Math.min(most, defaults.maxLength));
}

function completeDataset(
  dataset: Partial<DatasetSelection>,
  splits: readonly { name: string; rows: number }[] | undefined,
  check: CheckNumber,
  faults: Fault[],
): DatasetSelection {
  const at = (field: string) => `training_job.dataset.${field}`;
  if (!dataset.id) faults.push({ field: at("id"), reason: "REQUIRED", description: "is empty; import a data set first and give its id" });
  const splitFault = (field: string, name: string | undefined) => {
    if (name === undefined || !splits || splits.some((split) => split.name === name)) return;
    const names = splits.map((split) => `"${split.name}"`).join(", ");
    faults.push({ field: at(field), reason: "NOT_FOUND", description: `the data set has no split ${quote(name)}; it has ${names}` });
  };
  const { trainSplit, validationSplit } = chosenSplits(dataset, splits?.map(({ name }) => name) ?? []);
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
