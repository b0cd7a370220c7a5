import { loadContract } from "@stepwire/proto";
import { datasetBucket, evaluationBucket, jobBucket } from "#core/buckets.js";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import type { EvaluationRecord } from "#core/evaluations/evaluation.js";
import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import { startGrpcServer } from "#platform/grpcServer.js";
import { runService } from "#platform/lifecycle.js";
import { connectNats } from "#platform/natsConnection.js";
import { openRecordStore } from "#platform/recordStore.js";
import { openWorkQueue } from "#platform/workQueue.js";
import { evaluatorService } from "./evaluatorService.js";

// The evaluator service: validates, writes to JetStream and answers. It holds no tensors.

await runService("evaluator", async ({ config, logger, ready }) => {
  const connection = await connectNats(config, "stepwire-evaluator", logger);
  const [evaluations, jobs, datasets, queue] = await Promise.all([
    openRecordStore<EvaluationRecord>(connection, evaluationBucket),
    openRecordStore<TrainingJobRecord>(connection, jobBucket),
    openRecordStore<DatasetRecord>(connection, datasetBucket),
    openWorkQueue(connection, "evaluation"),
  ]);
  const server = await startGrpcServer({
    listen: config.listen,
    logger,
    services: [
      {
        definition: loadContract().grpc.stepwire.v1.EvaluatorService.service,
        implementation: evaluatorService({ evaluations, jobs, datasets, queue }),
      },
    ],
  });
  ready(server.address);
  return {
    stop: async () => {
      await server.stop(5000);
      await Promise.all([evaluations.close(), jobs.close(), datasets.close()]);
      await connection.drain();
    },
  };
});
