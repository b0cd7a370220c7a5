import { Stepwire } from "@stepwire/client";
import { loadContract } from "@stepwire/proto";
import { datasetBucket, evaluationBucket, jobBucket, studyBucket } from "#core/buckets.js";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import type { EvaluationRecord } from "#core/evaluations/evaluation.js";
import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import type { StudyRecord } from "#core/studies/study.js";
import { openArtifactStore } from "#platform/artifactStore.js";
import { startGrpcServer } from "#platform/grpcServer.js";
import { runService } from "#platform/lifecycle.js";
import { connectNats } from "#platform/natsConnection.js";
import { openRecordStore } from "#platform/recordStore.js";
import { openWorkQueue } from "#platform/workQueue.js";
import { evaluatorService } from "./evaluatorService.js";
import { defaultSentLimits, openPredictionMeasurer } from "./sentPredictions/evaluatePredictions.js";
import { studyService } from "./studies/studyService.js";

// The evaluator service: validates, writes to JetStream and answers. It holds no tensors.

await runService("evaluator", async ({ config, logger, ready }) => {
  const connection = await connectNats(config, "stepwire-evaluator", logger);
  const [evaluations, jobs, datasets, studies, queue, studyQueue] = await Promise.all([
    openRecordStore<EvaluationRecord>(connection, evaluationBucket),
    openRecordStore<TrainingJobRecord>(connection, jobBucket),
    openRecordStore<DatasetRecord>(connection, datasetBucket),
    openRecordStore<StudyRecord>(connection, studyBucket),
    openWorkQueue(connection, "evaluation"),
    openWorkQueue(connection, "study"),
  ]);
  // A study's jobs are checked by the trainer.
  const stepwire = new Stepwire();
  const artifacts = openArtifactStore(config.dataFolder);
  const measurer = await openPredictionMeasurer({
    evaluations,
    artifacts,
    dataFolder: config.dataFolder,
    limits: defaultSentLimits,
    logger,
  });
  const { EvaluatorService, StudyService } = loadContract().grpc.stepwire.v1;
  const server = await startGrpcServer({
    listen: config.listen,
    logger,
    services: [
      {
        definition: EvaluatorService.service,
        implementation: evaluatorService({ connection, artifacts, evaluations, jobs, datasets, studies, queue, measurer }),
      },
      { definition: StudyService.service, implementation: studyService({ studies, datasets, artifacts, stepwire, queue: studyQueue }) },
    ],
  });
  ready(server.address);
  return {
    stop: async () => {
      await Promise.all([server.stop(5000), measurer.close()]);
      stepwire.close();
      await Promise.all([evaluations.close(), jobs.close(), datasets.close(), studies.close()]);
      await connection.drain();
    },
  };
});
