import { randomUUID } from "node:crypto";
import { Stepwire } from "@stepwire/client";
import { datasetBucket, evaluationBucket, jobBucket, studyBucket } from "#core/buckets.js";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import type { EvaluationRecord } from "#core/evaluations/evaluation.js";
import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import type { StudyRecord } from "#core/studies/study.js";
import { openArtifactStore } from "#platform/artifactStore.js";
import { runService } from "#platform/lifecycle.js";
import { connectNats } from "#platform/natsConnection.js";
import { openRecordStore } from "#platform/recordStore.js";
import { startSweeper } from "#platform/sweeper.js";
import { withTraceparent } from "#platform/telemetry.js";
import { openWorkQueue, type WorkMessage, type WorkOutcome } from "#platform/workQueue.js";
import { answerQuestions } from "#platform/requestReply.js";
import { answerPrediction } from "../predictions/answerPrediction.js";
import { predictionSubject } from "../predictions/predictionProtocol.js";
import { createPredictorPool } from "../predictions/predictorPool.js";
import { runStudy, studyWaits } from "../studies/worker/runStudy.js";
import { runEvaluation, waitsForWorker } from "./runEvaluation.js";

// The supervisor of evaluations and studies: takes one evaluation at a time from the queue and runs it in a child process, and drives a few
// studies, whose training is the trainer's. It loads no tensors.

/** Studies at a time: each waits for its jobs most of the time. */
const studiesAtOnce = 4;

await runService("evaluation-worker", async ({ config, logger, signal, ready }) => {
  const connection = await connectNats(config, "stepwire-evaluation-worker", logger);
  const [evaluations, jobs, datasets, studies, queue, studyQueue] = await Promise.all([
    openRecordStore<EvaluationRecord>(connection, evaluationBucket),
    openRecordStore<TrainingJobRecord>(connection, jobBucket),
    openRecordStore<DatasetRecord>(connection, datasetBucket),
    openRecordStore<StudyRecord>(connection, studyBucket),
    openWorkQueue(connection, "evaluation", (error) => logger.warn({ err: error }, "work queue")),
    openWorkQueue(connection, "study", (error) => logger.warn({ err: error }, "work queue")),
  ]);
  const stepwire = new Stepwire();
  const parts = {
    evaluations,
    jobs,
    datasets,
    studies,
    stepwire,
    artifacts: openArtifactStore(config.dataFolder),
    logger,
    owner: `worker-${randomUUID().slice(0, 8)}`,
    leaseSeconds: config.leaseSeconds,
    stopSeconds: config.stopSeconds,
    stallSeconds: config.stallSeconds,
  };
  const working = Promise.all([
    queue.consume(signal, (message) =>
      whileWorking(message, "supervise evaluation", "stepwire.evaluation", () =>
        runEvaluation(parts, message.tenant, message.id, message.uid, signal),
      ),
    ),
    ...Array.from({ length: studiesAtOnce }, () =>
      studyQueue.consume(signal, (message) =>
        whileWorking(message, "supervise study", "stepwire.study", () => runStudy(parts, message.tenant, message.id, message.uid, signal)),
      ),
    ),
  ]);
  const predictors = createPredictorPool(logger, {
    models: config.predictorModels,
    idleMs: config.predictorIdleSeconds * 1000,
    waiting: 64,
    stallMs: config.stallSeconds * 1000,
  });
  const stopAnswering = answerQuestions(
    connection,
    predictionSubject("*"),
    "predict",
    (question, tenant) => answerPrediction({ jobs, predictors }, question, tenant),
    logger,
  );
  const sweeping = {
    intervalMs: 2000 * config.leaseSeconds,
    onError: (error: unknown) => logger.warn({ err: error }, "the queue could not be swept"),
  };
  const stopSweeping = [
    startSweeper({ queue, waiting: () => evaluations.find(waitsForWorker), ...sweeping }),
    startSweeper({ queue: studyQueue, waiting: () => studies.find(studyWaits), ...sweeping }),
  ];
  ready();
  return {
    stop: async () => {
      for (const stop of stopSweeping) stop();
      await Promise.all([working, stopAnswering()]);
      await predictors.close();
      stepwire.close();
      await Promise.all([evaluations.close(), jobs.close(), datasets.close(), studies.close()]);
      await connection.drain();
    },
  };
});

/** Works on what a message names, in a span of its trace; the message is kept from other workers meanwhile. */
async function whileWorking(
  message: WorkMessage,
  span: string,
  attribute: string,
  work: () => Promise<number | undefined>,
): Promise<WorkOutcome> {
  const beat = setInterval(() => message.working(), 10_000);
  try {
    const retryInMs = await withTraceparent(message.traceparent, span, { [attribute]: message.id }, work);
    return retryInMs === undefined ? "done" : { retryInMs };
  } finally {
    clearInterval(beat);
  }
}
