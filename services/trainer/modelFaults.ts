import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import { datasetKind, taskOf } from "#core/datasets/datasetColumns.js";
import type { Fault } from "#core/fault.js";
import type { TrainingJobDraft } from "#core/jobs/completeSpec.js";
import { type TrainingTask, trainingTasks } from "#core/jobs/trainingJob.js";
import { targetedLayers, trainedShapes } from "#core/models/adapter.js";
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

/** What of a draft does not fit its model. */
export function modelFaults(draft: TrainingJobDraft, model: ModelInspection, dataset: DatasetRecord | undefined): Fault[] {
  const { config, tensors } = model;
  const task = askedTask(draft, dataset);
  const field = "training_job.model";
  if (task === "causal_lm" && !isDecoder(config)) {
    const description = `is a ${config.family}, which reads texts in both directions; a causal language model is needed: gpt2, llama or qwen2`;
    return [{ field, reason: "UNSUPPORTED", description }];
  }
  const head = trainingHead({ task }, dataset?.classes.length || 1);
  const missing = task === "causal_lm" ? [...headShapes(config, head)].filter(([name]) => !tensors.has(name)) : [];
  const faults = missing.map(([name]) => ({
    field,
    reason: "MISSING_TENSOR",
    description: `has no tensor "${name}", and tie_word_embeddings is false`,
  }));
  const { maxPositions } = config;
  const tooLong = draft.maxLength !== undefined && draft.maxLength > maxPositions;
  const description = `${draft.maxLength} is out of range; the model has positions for ${maxPositions} tokens`;
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
    ...(tooLong ? [{ field: "training_job.max_length", reason: "OUT_OF_RANGE", description }] : []),
    ...(lora ? targetedLayers(config, lora, "training_job.lora.targets").faults : []),
    ...unmatched,
    ...frozenFaults(groups, trained, "training_job.optimizer.groups"),
  ];
}

/** Parameters of the body that the checkpoint lacks and training starts. */
export function createdNames({ config, tensors }: ModelInspection): string[] {
  return startableNames(config).filter((name) => !tensors.has(name));
}
