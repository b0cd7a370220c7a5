import type {
  CancelTrainingJobRequest,
  CreateTrainingJobRequest,
  GetTrainingJobRequest,
  ListTrainingJobsRequest,
  ListTrainingJobsResponseInput,
  TrainingEventInput,
  TrainingJobInput,
  WatchTrainingJobRequest,
} from "@stepwire/proto";
import { canMove } from "#core/jobs/stateMachine.js";
import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import { type CallContext, serverStream, unary } from "#platform/handlers.js";
import type { JobStream } from "#platform/jobStream.js";
import { pageSize } from "#platform/pageSize.js";
import type { RecordStore } from "#platform/recordStore.js";
import { failedPrecondition, invalidArgument, notFound } from "#platform/statusError.js";
import { type CreateParts, createTrainingJob } from "./createTrainingJob.js";
import { publishState } from "./publishState.js";
import { watchTrainingJob } from "./watchTrainingJob.js";
import { readStates, writeTrainingJob } from "./wire.js";

/** What TrainerService needs. */
export interface TrainerParts extends CreateParts {
  jobs: RecordStore<TrainingJobRecord>;
  stream: JobStream;
}

/** The handlers of TrainerService. */
export function trainerService(parts: TrainerParts) {
  const find = async (id: string, { tenant }: CallContext) => {
    const found = await parts.jobs.get(tenant, id);
    if (!found) throw notFound("training job", id, "id");
    return found.record;
  };
  return {
    CreateTrainingJob: unary<CreateTrainingJobRequest, TrainingJobInput>(async (request, call) =>
      writeTrainingJob(await createTrainingJob(parts, request, call)),
    ),

    GetTrainingJob: unary<GetTrainingJobRequest, TrainingJobInput>(async (request, call) => writeTrainingJob(await find(request.id, call))),

    ListTrainingJobs: unary<ListTrainingJobsRequest, ListTrainingJobsResponseInput>(async (request, { tenant }) => {
      const { states, fault } = readStates(request.states);
      if (fault) throw invalidArgument([fault]);
      const labels = Object.entries(request.labels);
      const { records, nextPageToken } = await parts.jobs.list(tenant, {
        filter: (job) => (states.length === 0 || states.includes(job.state)) && labels.every(([key, value]) => job.labels[key] === value),
        pageSize: pageSize(request.page_size),
        pageToken: request.page_token,
      });
      return { training_jobs: records.map(writeTrainingJob), next_page_token: nextPageToken };
    }),

    CancelTrainingJob: unary<CancelTrainingJobRequest, TrainingJobInput>(async (request, call) => {
      await find(request.id, call);
      const changed = await parts.jobs.change(call.tenant, request.id, (job) => {
        if (job.state === "CANCELLED" || job.state === "CANCELLING") return undefined;
        if (!canMove(job.state, "CANCELLING"))
          throw failedPrecondition("JOB_ENDED", `training job "${job.id}" has already ended: ${job.state}`, { state: job.state });
        // Nobody holds a queued job, so nobody else would finish the cancellation.
        return job.state === "QUEUED" ? { ...job, state: "CANCELLED", endTime: new Date().toISOString() } : { ...job, state: "CANCELLING" };
      });
      const job = changed ?? (await find(request.id, call));
      if (changed) await publishState(parts.stream, changed);
      return writeTrainingJob(job);
    }),

    WatchTrainingJob: serverStream<WatchTrainingJobRequest, TrainingEventInput>(async function* (request, call) {
      const job = await find(request.id, call);
      yield* watchTrainingJob(parts, job, request.resume_token || undefined, call.signal);
    }),
  };
}
