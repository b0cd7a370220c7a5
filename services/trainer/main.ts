import { join } from "node:path";
import { loadContract } from "@stepwire/proto";
import { datasetBucket, jobBucket, requestBucket } from "#core/buckets.js";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import type { Example } from "#core/datasets/example.js";
import { defaultModel } from "#core/jobs/completeSpec.js";
import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import { loadTokenizer } from "#engine/models/tokenizer.js";
import { openArtifactStore } from "#platform/artifactStore.js";
import { startGrpcServer } from "#platform/grpcServer.js";
import { openJobStream } from "#platform/jobStream.js";
import { runService } from "#platform/lifecycle.js";
import { connectNats } from "#platform/natsConnection.js";
import { openRecordStore } from "#platform/recordStore.js";
import { openWorkQueue } from "#platform/workQueue.js";
import { catalogService } from "./catalogService.js";
import type { RequestRecord } from "./createTrainingJob.js";
import { trainerService } from "./trainerService.js";

// The trainer service: validates, writes to JetStream and streams. It holds no tensors.

/** A data set of a million short texts is about 100 MB. */
const maxDatasetBytes = 512 * 1024 * 1024;

await runService("trainer", async ({ config, logger, ready }) => {
  const connection = await connectNats(config, "stepwire-trainer", logger);
  const [jobs, requests, datasets, stream, queue] = await Promise.all([
    openRecordStore<TrainingJobRecord>(connection, jobBucket),
    openRecordStore<RequestRecord>(connection, requestBucket),
    openRecordStore<DatasetRecord>(connection, datasetBucket),
    openJobStream(connection, {
      onDrop: (message, reason) =>
        logger.error({ subject: message.subject, messageId: message.messageId, reason }, "a message was given up"),
    }),
    openWorkQueue(connection, "training", (error) => logger.warn({ err: error }, "work queue")),
  ]);
  const artifacts = openArtifactStore(config.dataFolder);
  const models = { roots: config.modelRoots, shipped: config.defaultModels };
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
        implementation: catalogService({ datasets, artifacts, tokenCounter, maxDatasetBytes }),
      },
    ],
  });

  type TokenCounter = (example: Example) => number;
  let counter: Promise<TokenCounter | undefined> | undefined;
  function tokenCounter(): Promise<TokenCounter | undefined> {
    // Loaded by the first import, not at start: the vocabulary takes longer to read than everything else.
    return (counter ??= loadTokenizer(join(config.defaultModels, defaultModel), Number.MAX_SAFE_INTEGER).then(
      (encode): TokenCounter =>
        (example) =>
          encode(example.text, example.textPair).ids.length,
      (error: unknown) => {
        logger.info({ err: error }, "no default model: data sets get no token lengths");
        return undefined;
      },
    ));
  }

  ready(server.address);
  return {
    stop: async () => {
      await server.stop(5000);
      await stream.flush(2000);
      await Promise.all([jobs.close(), requests.close(), datasets.close()]);
      await connection.drain();
    },
  };
});
