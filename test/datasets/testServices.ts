import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { Stepwire } from "@stepwire/client";
import { type Dataset, type ImportDatasetRequestInput, loadContract } from "@stepwire/proto";
import { datasetBucket, evaluationBucket, studyBucket, jobBucket, requestBucket } from "#core/buckets.js";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import type { EvaluationRecord } from "#core/evaluations/evaluation.js";
import type { StudyRecord } from "#core/studies/study.js";
import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import { evaluatorService } from "#evaluator/evaluatorService.js";
import { studyService } from "#evaluator/studies/studyService.js";
import { defaultSentLimits, openPredictionMeasurer, type SentLimits } from "#evaluator/sentPredictions/evaluatePredictions.js";
import { openArtifactStore } from "#platform/artifactStore.js";
import { openExpiringStore } from "#platform/expiringStore.js";
import { openJobStream } from "#platform/jobStream.js";
import { openWorkQueue } from "#platform/workQueue.js";
import { trainerService } from "#trainer/trainerService.js";
import type { RequestRecord } from "#trainer/createTrainingJob.js";
import { startGrpcServer } from "#platform/grpcServer.js";
import { createLogger } from "#platform/logger.js";
import { openRecordStore, type RecordStore } from "#platform/recordStore.js";
import { catalogService } from "#trainer/catalogService.js";
import { defaultImportLimits, type Importer, type ImportLimits, openImporter } from "#trainer/datasets/importDataset.js";
import { waitMs } from "../support/limits.js";
import { miniLM } from "../support/localStack.js";
import type { TestBroker } from "../platform/testBroker.js";

/** The services without their workers: real gRPC, NATS and files, and the compiled program that checks uploads (`npx tsc -b`). */
export interface TestServices {
  stepwire: Stepwire;
  client: InstanceType<ReturnType<typeof loadContract>["grpc"]["stepwire"]["v1"]["CatalogService"]>;
  datasets: RecordStore<DatasetRecord>;
  jobs: RecordStore<TrainingJobRecord>;
  evaluations: RecordStore<EvaluationRecord>;
  studies: RecordStore<StudyRecord>;
  importer: Importer;
  dataFolder: string;
  trainerAddress: string;
  evaluatorAddress: string;
  /** Every path below the data folder that an import may leave something in. */
  left(): Promise<string[]>;
  close(): Promise<void>;
}

export async function startTestServices(
  broker: TestBroker,
  limits: Partial<ImportLimits> = {},
  sentLimits: Partial<SentLimits> = {},
): Promise<TestServices> {
  const dataFolder = await mkdtemp(join(tmpdir(), "stepwire-catalog-"));
  const datasets = await openRecordStore<DatasetRecord>(await broker.connect(), datasetBucket);
  const artifacts = openArtifactStore(dataFolder);
  const logger = createLogger("test", "silent");
  const importer = await openImporter({
    datasets,
    artifacts,
    dataFolder,
    tokenizerFolder: miniLM(),
    limits: { ...defaultImportLimits, ...limits },
    logger,
  });
  const connection = await broker.connect();
  const [jobs, requests, evaluations, studies, stream, queue, evaluationQueue, studyQueue] = await Promise.all([
    openRecordStore<TrainingJobRecord>(connection, jobBucket),
    openExpiringStore<RequestRecord>(connection, requestBucket, 3_600_000),
    openRecordStore<EvaluationRecord>(connection, evaluationBucket),
    openRecordStore<StudyRecord>(connection, studyBucket),
    openJobStream(connection),
    openWorkQueue(connection, "training"),
    openWorkQueue(connection, "evaluation"),
    openWorkQueue(connection, "study"),
  ]);
  const measurer = await openPredictionMeasurer({
    ...{ evaluations, artifacts, dataFolder, logger },
    limits: { ...defaultSentLimits, ...sentLimits },
  });
  const models = { roots: [], shipped: dirname(miniLM()) };
  const { CatalogService, EvaluatorService, StudyService, TrainerService } = loadContract().grpc.stepwire.v1;
  const trainer = await startGrpcServer({
    listen: "127.0.0.1:0",
    logger,
    services: [
      { definition: CatalogService.service, implementation: catalogService({ datasets, importer }) },
      {
        definition: TrainerService.service,
        implementation: trainerService({ jobs, requests, datasets, artifacts, stream, queue, models }),
      },
    ],
  });
  // Studies ask the trainer through the SDK.
  const asking = new Stepwire({ trainerAddress: trainer.address, deadlineMs: waitMs });
  const evaluator = await startGrpcServer({
    listen: "127.0.0.1:0",
    logger,
    services: [
      {
        definition: StudyService.service,
        implementation: studyService({ studies, datasets, artifacts, stepwire: asking, queue: studyQueue }),
      },
      {
        definition: EvaluatorService.service,
        implementation: evaluatorService({ connection, artifacts, evaluations, jobs, datasets, studies, queue: evaluationQueue, measurer }),
      },
    ],
  });
  const addresses = { trainerAddress: trainer.address, evaluatorAddress: evaluator.address };
  const stepwire = new Stepwire({ ...addresses, deadlineMs: waitMs });
  const client = new CatalogService(trainer.address, grpc.credentials.createInsecure());
  return {
    stepwire,
    client,
    datasets,
    jobs,
    evaluations,
    studies,
    importer,
    dataFolder,
    ...addresses,
    left: async () => {
      const paths = await readdir(dataFolder, { recursive: true });
      return paths.filter((path) => /^(?:\.uploads|default\/(?:datasets|evaluations))\/./.test(path));
    },
    close: async () => {
      for (const each of [stepwire, asking, client]) each.close();
      await Promise.all([importer.close(), measurer.close()]);
      await Promise.all([trainer.stop(1000), evaluator.stop(1000)]);
      for (const { tenant, id } of datasets.find(() => true)) await datasets.delete(tenant, id);
      for (const { tenant, id } of evaluations.find(() => true)) await evaluations.delete(tenant, id);
      for (const { tenant, id } of jobs.find(() => true)) await jobs.delete(tenant, id);
      await Promise.all([datasets.close(), jobs.close(), evaluations.close(), studies.close()]);
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** One call whose messages a test sends itself. */
export function openImport({ client }: TestServices) {
  let finish: (outcome: { dataset?: Dataset; error?: grpc.ServiceError }) => void;
  const outcome = new Promise<{ dataset?: Dataset; error?: grpc.ServiceError }>((resolve) => (finish = resolve));
  const call = client.ImportDataset((error, dataset) => finish({ ...(error && { error }), ...(dataset && { dataset }) }));
  return {
    outcome,
    cancel: () => call.cancel(),
    end: () => call.end(),
    /** Settles once the transport has taken the message. */
    send: (message: ImportDatasetRequestInput) => new Promise<void>((resolve) => call.write(message, () => resolve())),
  };
}

export const header = { header: { dataset_id: "", columns: { text: "text", text_pair: "", label: "label" } } };
export const csvFile = (split: string) => ({ file: { split, format: "DATASET_FORMAT_CSV" as const, filename: `${split}.csv` } });
export const chunk = (text: string) => ({ chunk: Buffer.from(text) });
