import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { datasetBucket, jobBucket } from "#core/buckets.js";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import { openArtifactStore } from "#platform/artifactStore.js";
import { openJobStream } from "#platform/jobStream.js";
import { runService } from "#platform/lifecycle.js";
import { connectNats } from "#platform/natsConnection.js";
import { openRecordStore } from "#platform/recordStore.js";
import { startSweeper } from "#platform/sweeper.js";
import { withTraceparent } from "#platform/telemetry.js";
import { openWorkQueue } from "#platform/workQueue.js";
import { runJob, waitsForWorker } from "./runJob.js";

// The supervisor of training: takes one job at a time from the queue and runs it in a child process. It loads no tensors.

await runService("training-worker", async ({ config, logger, signal, ready }) => {
  const connection = await connectNats(config, "stepwire-training-worker", logger);
  const jobs = await openRecordStore<TrainingJobRecord>(connection, jobBucket);
  const datasets = await openRecordStore<DatasetRecord>(connection, datasetBucket);
  const stream = await openJobStream(connection, {
    onDrop: (message, reason) => logger.error({ subject: message.subject, messageId: message.messageId, reason }, "a message was given up"),
  });
  const queue = await openWorkQueue(connection, "training", (error) => logger.warn({ err: error }, "work queue"));
  const parts = {
    jobs,
    datasets,
    artifacts: openArtifactStore(config.dataFolder),
    stream,
    logger,
    models: { roots: config.modelRoots, shipped: config.defaultModels },
    hubCache: join(config.dataFolder, "hub"),
    owner: `worker-${randomUUID().slice(0, 8)}`,
    leaseSeconds: config.leaseSeconds,
    stopSeconds: config.stopSeconds,
    stallSeconds: config.stallSeconds,
  };
  const working = queue.consume(signal, async (message) => {
    const beat = setInterval(() => message.working(), 10_000);
    try {
      const retryInMs = await withTraceparent(message.traceparent, "supervise training job", { "stepwire.job": message.id }, () =>
        runJob(parts, message.tenant, message.id, message.uid, signal),
      );
      return retryInMs === undefined ? "done" : { retryInMs };
    } finally {
      clearInterval(beat);
    }
  });
  const stopSweeping = startSweeper({
    queue,
    waiting: () => jobs.find(waitsForWorker),
    intervalMs: 2000 * config.leaseSeconds,
    onError: (error) => logger.warn({ err: error }, "the queue could not be swept"),
  });
  ready();
  return {
    stop: async () => {
      stopSweeping();
      await working;
      await stream.flush(5000);
      await Promise.all([jobs.close(), datasets.close()]);
      await connection.drain();
    },
  };
});
