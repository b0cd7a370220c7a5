import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import type { RecordStore } from "#platform/recordStore.js";
import { failedPrecondition } from "#platform/statusError.js";
import type { PredictionAnswer, PredictionQuestion } from "./predictionProtocol.js";
import type { PredictorPool } from "./predictorPool.js";

/** Answers a service's question with the job's model, loaded or kept. @throws StatusError */
export async function answerPrediction(
  parts: { jobs: RecordStore<TrainingJobRecord>; predictors: PredictorPool },
  question: unknown,
  tenant: string,
): Promise<PredictionAnswer> {
  const { trainingJob, trainingJobUid, examples, patienceMs } = question as PredictionQuestion;
  const job = (await parts.jobs.get(tenant, trainingJob))?.record;
  if (!job?.result || job.uid !== trainingJobUid) throw failedPrecondition("JOB_NOT_FOUND", `training job "${trainingJob}" is gone`);
  const input = { checkpointFolder: job.result.checkpoint, maxLength: job.spec.maxLength };
  return await parts.predictors.predict(job.uid, input, { examples, patienceMs });
}
