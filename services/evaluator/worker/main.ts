import { randomUUID } from "node:crypto";
import { datasetBucket, evaluationBucket, jobBucket } from "#core/buckets.js";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import type { EvaluationRecord } from "#core/evaluations/evaluation.js";
import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import { openArtifactStore } from "#platform/artifactStore.js";
import { runService } from "#platform/lifecycle.js";
import { connectNats } from "#platform/natsConnection.js";
import { openRecordStore } from "#platform/recordStore.js";
import { startSweeper } from "#platform/sweeper.js";
import { withTraceparent } from "#platform/telemetry.js";
import { openWorkQueue } from "#platform/workQueue.js";
import { runEvaluation, waitsForWorker } from "./runEvaluation.js";

// The supervisor of evaluations: takes one at a time from the queue and runs it in a child process. It loads no tensors.

await runService("evaluation-worker", async ({ config, logger, signal, ready }) => {
  const connection = await connectNats(config, "stepwire-evaluation-worker", logger);
  const [evaluations, jobs, datasets, queue] = await Promise.all([
    openRecordStore<EvaluationRecord>(connection, evaluationBucket),
    openRecordStore<TrainingJobRecord>(connection, jobBucket),
    openRecordStore<DatasetRecord>(connection, datasetBucket),
    openWorkQueue(connection, "evaluation", (error) => logger.warn({ err: error }, "work queue")),
  ]);
  const parts = {
    evaluations,
    jobs,
    datasets,
    artifacts: openArtifactStore(config.dataFolder),
    logger,
    owner: `worker-${randomUUID().slice(0, 8)}`,
    leaseSeconds: config.leaseSeconds,
    stopSeconds: config.stopSeconds,
    stallSeconds: config.stallSeconds,
  };
  const working = queue.consume(signal, async (message) => {
    const beat = setInterval(() => message.working(), 10_000);
    try {
      const retryInMs = await withTraceparent(message.traceparent, "supervise evaluation", { "stepwire.evaluation": message.id }, () =>
        runEvaluation(parts, message.tenant, message.id, message.uid, signal),
      );
      return retryInMs === undefined ? "done" : { retryInMs };
    } finally {
      clearInterval(beat);
    }
  });
  const stopSweeping = startSweeper({
    queue,
    waiting: () => evaluations.find(waitsForWorker),
    intervalMs: 2000 * config.leaseSeconds,
    onError: (error) => logger.warn({ err: error }, "the queue could not be swept"),
  });
  ready();
  return {
    stop: async () => {
      stopSweeping();
      await working;
      await Promise.all([evaluations.close(), jobs.close(), datasets.close()]);
      await connection.drain();
    },
  };
});
