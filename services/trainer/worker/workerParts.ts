import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import type { ArtifactStore } from "#platform/artifactStore.js";
import type { JobStream } from "#platform/jobStream.js";
import type { Logger } from "#platform/logger.js";
import type { RecordStore } from "#platform/recordStore.js";

/** What a supervisor of training jobs needs. */
export interface WorkerParts {
  jobs: RecordStore<TrainingJobRecord>;
  datasets: RecordStore<DatasetRecord>;
  artifacts: ArtifactStore;
  stream: JobStream;
  logger: Logger;
  models: { roots: readonly string[]; shipped: string };
  hubCache: string;
  /** Names this supervisor in leases. */
  owner: string;
  leaseSeconds: number;
  /** How long a runner that was asked to stop may take. */
  stopSeconds: number;
  /** How long a runner may show no progress. */
  stallSeconds: number;
}
