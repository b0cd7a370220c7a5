import { join } from "node:path";
import { loadContract } from "@stepwire/proto";
import { datasetBucket, jobBucket, requestBucket } from "#core/buckets.js";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import { defaultModel } from "#core/jobs/completeSpec.js";
import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import { openArtifactStore } from "#platform/artifactStore.js";
import { openExpiringStore } from "#platform/expiringStore.js";
import { startGrpcServer } from "#platform/grpcServer.js";
import { openJobStream } from "#platform/jobStream.js";
import { runService } from "#platform/lifecycle.js";
import { connectNats } from "#platform/natsConnection.js";
import { openRecordStore } from "#platform/recordStore.js";
import { openWorkQueue } from "#platform/workQueue.js";
import { catalogService } from "./catalogService.js";
import type { RequestRecord } from "./createTrainingJob.js";
import { defaultImportLimits, openImporter } from "./datasets/importDataset.js";
import { trainerService } from "./trainerService.js";

// The trainer service: validates, writes to JetStream and streams. It holds no tensors.

/** How long a request id is remembered. */
const requestMs = 24 * 3600 * 1000;

await runService("trainer", async ({ config, logger, ready }) => {
  const connection = await connectNats(config, "stepwire-trainer", logger);
  const [jobs, requests, datasets, stream, queue] = await Promise.all([
    openRecordStore<TrainingJobRecord>(connection, jobBucket),
    openExpiringStore<RequestRecord>(connection, requestBucket, requestMs),
    openRecordStore<DatasetRecord>(connection, datasetBucket),
    openJobStream(connection, {
      onDrop: (message, reason) =>
        logger.error({ subject: message.subject, messageId: message.messageId, reason }, "a message was given up"),
    }),
    openWorkQueue(connection, "training", (error) => logger.warn({ err: error }, "work queue")),
  ]);
  const artifacts = openArtifactStore(config.dataFolder);
  artifacts.sweep().then(
    (removed) => removed > 0 && logger.info({ removed }, "folders that killed writers left were removed"),
    (error: unknown) => logger.warn({ err: error }, "the data folder could not be swept"),
  );
  const models = { roots: config.modelRoots, shipped: config.defaultModels };
  const importer = await openImporter({
    datasets,
    artifacts,
    dataFolder: config.dataFolder,
    tokenizerFolder: join(config.defaultModels, defaultModel),
    limits: defaultImportLimits,
    logger,
  });
  const { grpc } = loadContract();
  const server = await startGrpcServer({
    listen: config.listen,
    logger,
    services: [
      {
        definition: grpc.stepwire.v1.TrainerService.service,
        implementation: trainerService({ jobs, requests, datasets, artifacts, stream, queue, models }),
      },
      {
        definition: grpc.stepwire.v1.CatalogService.service,
        implementation: catalogService({ datasets, importer }),
      },
    ],
  });

  ready(server.address);
  // What only some calls need was left for now.
  await Promise.all([import("./optimizerCatalogue.js"), import("./createTrainingJob.js")]);
  return {
    stop: async () => {
      // Together: an upload that is going on is told to come again while its call can still be answered.
      await Promise.all([server.stop(5000), importer.close()]);
      await stream.flush(2000);
      await Promise.all([jobs.close(), datasets.close()]);
      await connection.drain();
    },
  };
});
