import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import type { StudyRecord } from "#core/studies/study.js";
import { pause } from "#platform/abort.js";
import { untilStored } from "#platform/untilStored.js";
import { StudyFailure } from "./studyFailure.js";
import type { StudyWorkerParts } from "./studyWorkerParts.js";

/**
 * The data set that a study was declared on.
 * @throws StudyFailure when it was deleted, also where its id was used again: runs on other rows must not be compared with those before
 */
export async function studyDataset(parts: StudyWorkerParts, study: StudyRecord, stop: AbortSignal): Promise<DatasetRecord> {
  const id = study.declaration.job.dataset?.id ?? "";
  const dataset = (await untilStored(() => parts.datasets.get(study.tenant, id), parts.logger, stop))?.record;
  if (dataset?.uid === study.datasetUid) return dataset;
  throw dataset
    ? new StudyFailure(
        "DATASET_CHANGED",
        `the data set "${id}" was deleted and its id used again: it is not the one the study was declared on`,
      )
    : new StudyFailure("DATASET_NOT_FOUND", `the data set "${id}" is gone, and the study has runs left to make on it`);
}

/** Between two tries to watch a record while NATS is away. */
const watchAgainMs = 1000;

/**
 * Watches the data set until the signal is aborted, so that a study learns of its end in the middle of its runs.
 * @throws StudyFailure as `studyDataset`
 */
export async function watchStudyDataset(parts: StudyWorkerParts, study: StudyRecord, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const { id } = await studyDataset(parts, study, signal);
    try {
      for await (const { uid } of parts.datasets.watch(study.tenant, id, signal)) if (uid !== study.datasetUid) break;
    } catch (error) {
      parts.logger.warn({ err: error, study: study.id }, "the record of the study's data set cannot be watched");
      await pause(watchAgainMs, signal);
    }
  }
}
