import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { loadContract, type TrainerServiceClient } from "@stepwire/proto";
import { datasetBucket, jobBucket, requestBucket } from "#core/buckets.js";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import { openArtifactStore } from "#platform/artifactStore.js";
import { openExpiringStore } from "#platform/expiringStore.js";
import { startGrpcServer } from "#platform/grpcServer.js";
import { type JobStreamOptions, openJobStream } from "#platform/jobStream.js";
import { createLogger } from "#platform/logger.js";
import { openRecordStore } from "#platform/recordStore.js";
import { openWorkQueue } from "#platform/workQueue.js";
import type { RequestRecord } from "#trainer/createTrainingJob.js";
import { trainerService } from "#trainer/trainerService.js";
import type { TestBroker } from "./testBroker.js";

/** TrainerService over a test's own NATS, and its parts. */
export async function startTrainerAt(broker: TestBroker, streamOptions: JobStreamOptions = {}) {
  const connection = await broker.connect();
  const folder = await mkdtemp(join(tmpdir(), "stepwire-trainer-"));
  const parts = {
    jobs: await openRecordStore<TrainingJobRecord>(connection, jobBucket),
    requests: await openExpiringStore<RequestRecord>(connection, requestBucket, 60_000),
    datasets: await openRecordStore<DatasetRecord>(connection, datasetBucket),
    artifacts: openArtifactStore(folder),
    stream: await openJobStream(connection, streamOptions),
    queue: await openWorkQueue(connection, "training"),
    models: { roots: [], shipped: folder },
  };
  const { TrainerService } = loadContract().grpc.stepwire.v1;
  const services = [{ definition: TrainerService.service, implementation: trainerService(parts) }];
  const server = await startGrpcServer({ listen: "127.0.0.1:0", logger: createLogger("test", "silent"), services });
  const client: TrainerServiceClient = new TrainerService(server.address, grpc.credentials.createInsecure());
  return {
    connection,
    parts,
    client,
    close: async () => {
      client.close();
      await server.stop(100);
      await Promise.all([parts.jobs.close(), parts.datasets.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A record as CreateTrainingJob would store it. */
export function jobRecord(id: string, changes: Partial<TrainingJobRecord> = {}): TrainingJobRecord {
  return {
    id,
    uid: `${id}-uid`,
    tenant: "default",
    state: "QUEUED",
    createTime: new Date().toISOString(),
    spec: {
      task: "classification",
      model: "model",
      dataset: { id: "data", trainSplit: "train", validationFraction: 0.1, splitSeed: 1 },
      optimizer: { name: "sgd", hyperparameters: {} },
      schedule: { name: "constant" },
      maxGradNorm: 1,
      maxSteps: 2,
      batchSize: 1,
      microBatchTokens: 128,
      maxLength: 16,
      seed: 1,
      onNan: "FAIL",
    },
    labels: {},
    plan: {
      totalSteps: 2,
      stepsPerEpoch: 2,
      warmupSteps: 0,
      trainRows: 2,
      validationRows: 1,
      tokens: 10,
      peakMemoryBytes: 0,
      expectedSeconds: 0,
      parameters: 0,
    },
    attempt: 0,
    ...changes,
  };
}
