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
import { plain } from "#core/quote.js";
import { type CallContext, serverStream, unary } from "#platform/handlers.js";
import type { JobStream } from "#platform/jobStream.js";
import { isHeld } from "#platform/lease.js";
import { listPage } from "#platform/pageSize.js";
import type { RecordStore } from "#platform/recordStore.js";
import { failedPrecondition, invalidArgument, notFound } from "#platform/statusError.js";
import type { CreateParts } from "./createTrainingJob.js";
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
    if (!found) throw notFound("training job", plain(id), "id");
    return found.record;
  };
  return {
    CreateTrainingJob: unary<CreateTrainingJobRequest, TrainingJobInput>(async (request, call) => {
      // With the optimizers' catalogue: see `catalogService.ts`.
      const { createTrainingJob } = await import("./createTrainingJob.js");
      return writeTrainingJob(await createTrainingJob(parts, request, call));
    }),

    GetTrainingJob: unary<GetTrainingJobRequest, TrainingJobInput>(async (request, call) => writeTrainingJob(await find(request.id, call))),

    ListTrainingJobs: unary<ListTrainingJobsRequest, ListTrainingJobsResponseInput>(async (request, { tenant }) => {
      const { states, fault } = readStates(request.states);
      if (fault) throw invalidArgument([fault]);
      const labels = Object.entries(request.labels);
      const filter = (job: TrainingJobRecord) =>
        (states.length === 0 || states.includes(job.state)) && labels.every(([key, value]) => job.labels[key] === value);
      const list = (pageSize: number) => parts.jobs.list(tenant, { filter, pageSize, pageToken: request.page_token });
      const { messages, nextPageToken } = await listPage(request.page_size, list, writeTrainingJob);
      return { training_jobs: messages, next_page_token: nextPageToken };
    }),

    CancelTrainingJob: unary<CancelTrainingJobRequest, TrainingJobInput>(async (request, call) => {
      await find(request.id, call);
      const changed = await parts.jobs.change(call.tenant, request.id, (job) => {
        if (job.state === "CANCELLED" || job.state === "CANCELLING") return undefined;
        if (!canMove(job.state, "CANCELLING"))
          throw failedPrecondition("JOB_ENDED", `training job "${job.id}" has already ended: ${job.state}`, { state: job.state });
        if (isHeld(job)) return { ...job, state: "CANCELLING" };
        // Nobody works on it, so nobody else would finish the cancellation.
        const { lease: _lease, ...rest } = job;
        return { ...rest, state: "CANCELLED", endTime: new Date().toISOString() };
      });
      const job = changed ?? (await find(request.id, call));
      if (changed) await publishState(parts.stream, changed);
      // What an attempt left whose supervisor died.
      if (changed?.state === "CANCELLED") await parts.artifacts.remove(call.tenant, "jobs", changed.uid);
      return writeTrainingJob(job);
    }),

    WatchTrainingJob: serverStream<WatchTrainingJobRequest, TrainingEventInput>(async function* (request, call) {
      const job = await find(request.id, call);
      yield* watchTrainingJob(parts, job, request.resume_token || undefined, call.signal);
    }),
  };
}
