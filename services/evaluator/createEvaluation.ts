import { createHash, randomUUID } from "node:crypto";
import type { CreateEvaluationRequest } from "@stepwire/proto";
import { canonicalDigest } from "#core/canonicalDigest.js";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import { evaluatedSplitFault, validatedOn } from "#core/datasets/evaluationRows.js";
import type { EvaluationRecord } from "#core/evaluations/evaluation.js";
import type { Fault } from "#core/fault.js";
import { requestIdFault, resourceIdFault } from "#core/jobs/jobId.js";
import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import { plain, quote } from "#core/quote.js";
import type { CallContext } from "#platform/handlers.js";
import { RecordExists, type RecordStore } from "#platform/recordStore.js";
import { alreadyExists, failedPrecondition, invalidArgument } from "#platform/statusError.js";
import type { WorkQueue } from "#platform/workQueue.js";
import { readIntervals } from "./readIntervals.js";

/** What CreateEvaluation needs. */
export interface CreateParts {
  evaluations: RecordStore<EvaluationRecord>;
  jobs: RecordStore<TrainingJobRecord>;
  datasets: RecordStore<DatasetRecord>;
  queue: WorkQueue;
}

/** Checks everything, stores the evaluation, wakes a worker. Returns the record as stored, or as it would be when only validating. */
export async function createEvaluation(parts: CreateParts, request: CreateEvaluationRequest, call: CallContext): Promise<EvaluationRecord> {
  const { tenant } = call;
  const wanted = request.evaluation;
  if (!wanted) throw invalidArgument([{ field: "evaluation", reason: "REQUIRED", description: "is not set" }]);
  const faults: Fault[] = [];
  const idFault = request.evaluation_id === "" ? undefined : resourceIdFault(request.evaluation_id, "evaluation_id");
  if (idFault) faults.push(idFault);
  const requestFault = requestIdFault(request.request_id);
  if (requestFault) faults.push(requestFault);
  const intervals = readIntervals(wanted, faults);
  const job = await checkJob(parts, tenant, wanted.training_job, faults);
  const dataset = job && (await parts.datasets.get(tenant, job.spec.dataset.id))?.record;
  const ofSplit = job && splitFault(wanted.split, job, dataset);
  if (ofSplit) faults.push(ofSplit);
  if (faults.length > 0 || !job) throw invalidArgument(faults);
  if (job.state !== "SUCCEEDED")
    throw failedPrecondition(
      "JOB_NOT_SUCCEEDED",
      `training job "${job.id}" is ${job.state}; only a job that SUCCEEDED has a checkpoint to evaluate`,
      {
        state: job.state,
      },
    );

  const split = wanted.split || validatedOn(job.spec.dataset);
  // A retried call carries the same request id, so it comes to the same evaluation id and finds the first one.
  const requestDigest = createHash("sha256").update(`${tenant}/${request.request_id}`).digest("hex");
  const id =
    request.evaluation_id ||
    (request.request_id === "" ? `evaluation-${randomUUID().slice(0, 13)}` : `evaluation-${requestDigest.slice(0, 16)}`);
  const record: EvaluationRecord = {
    id,
    uid: randomUUID(),
    tenant,
    state: "QUEUED",
    createTime: new Date().toISOString(),
    ...(request.request_id !== "" && { requestId: request.request_id }),
    trainingJob: job.id,
    trainingJobUid: job.uid,
    split,
    intervals,
    attempt: 0,
    ...(call.traceparent !== undefined && { traceparent: call.traceparent }),
  };
  if (request.validate_only) return record;
  try {
    await parts.evaluations.create(tenant, record);
  } catch (error) {
    if (!(error instanceof RecordExists)) throw error;
    const existing = (await parts.evaluations.get(tenant, id))?.record;
    const same =
      existing?.trainingJobUid === job.uid &&
      existing.split === split &&
      canonicalDigest(existing.intervals) === canonicalDigest(intervals);
    if (existing && same && request.request_id !== "" && existing.requestId === request.request_id) {
      // The first call may have died between storing the evaluation and waking a worker; a second wake-up does no harm.
      if (existing.state === "QUEUED") await wake(parts, existing);
      return existing;
    }
    throw request.evaluation_id
      ? alreadyExists("evaluation", id, "evaluation_id", "choose another id, or leave it out")
      : alreadyExists(
          "request",
          plain(request.request_id),
          "request_id",
          "it came before with another body; make a new request id for another evaluation",
        );
  }
  await wake(parts, record);
  return record;
}

/** The evaluation is stored, so the answer is that it is: a wake-up that is lost is sent again by the supervisors' sweeps. */
async function wake({ queue }: CreateParts, { tenant, id, uid, traceparent }: EvaluationRecord): Promise<void> {
  await queue.enqueue(tenant, id, uid, traceparent).catch(() => undefined);
}

async function checkJob(parts: CreateParts, tenant: string, id: string, faults: Fault[]): Promise<TrainingJobRecord | undefined> {
  const field = "evaluation.training_job";
  if (id === "") faults.push({ field, reason: "REQUIRED", description: "is empty; give the id of a training job" });
  const job = id === "" ? undefined : (await parts.jobs.get(tenant, id))?.record;
  if (id !== "" && !job) faults.push({ field, reason: "NOT_FOUND", description: `there is no training job ${quote(id)}` });
  return job;
}

function splitFault(named: string, job: TrainingJobRecord, dataset: DatasetRecord | undefined): Fault | undefined {
  const field = "evaluation.split";
  if (!dataset) return { field, reason: "NOT_FOUND", description: `the job's data set "${job.spec.dataset.id}" is gone` };
  const names = dataset.splits.map(({ name }) => name);
  const fault = named === "" ? undefined : evaluatedSplitFault(named, job.spec.dataset, names);
  return fault && { field, ...fault };
}
