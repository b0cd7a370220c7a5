import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import { datasetKind, taskOf } from "#core/datasets/datasetColumns.js";
import type { Fault } from "#core/fault.js";
import type { TrainingJobDraft } from "#core/jobs/completeSpec.js";
import { type GroupOverride, type TrainingTask, trainingTasks } from "#core/jobs/trainingJob.js";
import { targetedLayers, trainedShapes } from "#core/models/adapter.js";
import { leastLength, type RowForm, specialTokensOf } from "#core/models/specialTokens.js";
import { isDecoder } from "#core/models/modelConfig.js";
import { headShapes, startableNames } from "#core/models/modelParameters.js";
import { frozenFaults, unmatchedGroupFaults } from "#core/optimizers/parameterGroups.js";
import { trainingHead } from "#core/training/trainingHead.js";
import type { ModelInspection } from "#engine/models/inspectModel.js";

/** The task that a draft names, or that its data set is for. */
export function askedTask({ task }: TrainingJobDraft, dataset: DatasetRecord | undefined): TrainingTask {
  const ofDataset = dataset && taskOf[datasetKind(dataset.columns)];
  return trainingTasks.find((each) => each === task) ?? ofDataset ?? "classification";
}

/** What a data set asks of a model. */
export interface DatasetDemands {
  task: TrainingTask;
  /** 0 where there are none, or where they are not known. */
  classes: number;
  /** Whether its rows are pairs of texts. */
  pairs: boolean;
}

/** What a draft and its data set, as far as it is known, ask of a model. */
export function datasetDemands(draft: TrainingJobDraft, dataset: DatasetRecord | undefined): DatasetDemands {
  return {
    task: askedTask(draft, dataset),
    classes: dataset?.classes.length ?? 0,
    pairs: dataset?.columns.textPair !== undefined,
  };
}

/** What `max_length` may be. */
export function lengthsOf({ config, specialTokens }: ModelInspection, demands: DatasetDemands): { least: number; most: number } {
  return { least: leastLength(specialTokens, formOf(demands)), most: config.maxPositions };
}

function formOf({ task, pairs }: DatasetDemands): RowForm {
  if (task === "causal_lm") return "completion";
  return pairs ? "pair" : "text";
}

/** Of a draft, what hangs on the model. */
export interface ModelDraft {
  maxLength?: number;
  lora?: { targets?: readonly string[] };
  optimizer?: { groups?: readonly GroupOverride[] };
}

/** What of a draft does not fit its model. */
export function modelFaults(draft: ModelDraft, model: ModelInspection, demands: DatasetDemands): Fault[] {
  const { config, tensors } = model;
  const { task } = demands;
  const field = "training_job.model";
  if (task === "causal_lm" && !isDecoder(config)) {
    const description = `is a ${config.family}, which reads texts in both directions; a causal language model is needed: gpt2, llama or qwen2`;
    return [{ field, reason: "UNSUPPORTED", description }];
  }
  const head = trainingHead({ task }, demands.classes || 1);
  const missing = task === "causal_lm" ? [...headShapes(config, head)].filter(([name]) => !tensors.has(name)) : [];
  const faults = missing.map(([name]) => ({
    field,
    reason: "MISSING_TENSOR",
    description: `has no tensor "${name}", and tie_word_embeddings is false`,
  }));
  // The rank may be a fault of its own, and names do not hang on it.
  const lora = draft.lora && { targets: draft.lora.targets ?? [], rank: 1 };
  const trained = trainedShapes(config, head, lora, createdNames(model));
  const groups = draft.optimizer?.groups ?? [];
  const unmatched = unmatchedGroupFaults(
    groups,
    trained.map(({ name }) => name),
    "training_job.optimizer.groups",
  );
  return [
    ...faults,
    ...lengthFaults(draft.maxLength, model, demands),
    ...(lora ? targetedLayers(config, lora, "training_job.lora.targets").faults : []),
    ...unmatched,
    ...frozenFaults(groups, trained, "training_job.optimizer.groups"),
  ];
}

function lengthFaults(maxLength: number | undefined, model: ModelInspection, demands: DatasetDemands): Fault[] {
  const { least, most } = lengthsOf(model, demands);
  const why = specialTokensOf(model.specialTokens, formOf(demands));
  if (most < least) {
    const description = `has positions for ${most} tokens; ${why}, so ${least} are needed`;
    return [{ field: "training_job.model", reason: "UNSUPPORTED", description }];
  }
  const fault = (problem: string) => [
    { field: "training_job.max_length", reason: "OUT_OF_RANGE", description: `${maxLength} is out of range${problem}` },
  ];
  // What is no length at all is told without the model.
  if (maxLength === undefined || !Number.isInteger(maxLength) || maxLength < 1) return [];
  if (maxLength < least) return fault(`: ${why}; allowed: from ${least} to ${most}`);
  return maxLength > most ? fault(`; the model has positions for ${most} tokens`) : [];
}

/** Parameters of the body that the checkpoint lacks and training starts. */
export function createdNames({ config, tensors }: ModelInspection): string[] {
  return startableNames(config).filter((name) => !tensors.has(name));
}
