import type { Stepwire } from "@stepwire/client";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import type { StudyRecord } from "#core/studies/study.js";
import type { ArtifactStore } from "#platform/artifactStore.js";
import type { Logger } from "#platform/logger.js";
import type { RecordStore } from "#platform/recordStore.js";

/** What a supervisor of studies needs. */
export interface StudyWorkerParts {
  studies: RecordStore<StudyRecord>;
  datasets: RecordStore<DatasetRecord>;
  artifacts: ArtifactStore;
  /** Connected to the trainer and the evaluator. */
  stepwire: Stepwire;
  logger: Logger;
  /** Names this supervisor in leases. */
  owner: string;
  leaseSeconds: number;
  /** How long a runner that was asked to stop may take. */
  stopSeconds: number;
  /** How long a runner may show no progress. */
  stallSeconds: number;
}
