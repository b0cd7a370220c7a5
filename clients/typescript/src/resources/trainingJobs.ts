import type { CreateTrainingJobRequestInput, ListTrainingJobsResponse } from "@stepwire/proto";
import { callOptionNames, type CallOptions } from "../options.js";
import { idViolations, objectViolations, optionViolations, requireValid } from "../calls/checkArguments.js";
import { pollUntil } from "../calls/pollUntil.js";
import { unary } from "../calls/unary.js";
import type { Connection } from "../connection.js";
import { readMessage } from "../mapping/readMessage.js";
import { writeMessage } from "../mapping/writeMessage.js";
import type { TrainingJob, TrainingJobInput, TrainingJobState, TrainingResult } from "../messages.js";
import { StepwireError } from "../stepwireError.js";
import { createOptionNames, type CreateOptions, createRequest, withoutId } from "./createOptions.js";
import { pages } from "./pages.js";
import { isEnded, type TrainingWatch, watchTrainingJob, type WatchOptions } from "./watchTrainingJob.js";

/** A job as it was when it was fetched, and what can be done with it. */
export interface Job extends Omit<TrainingJob, "result"> {
  /** The same fields as one object, with the stored result of a job that has succeeded. */
  readonly snapshot: TrainingJob;
  /** The job as it is now. */
  get(options?: CallOptions): Promise<TrainingJob>;
  /** Everything that happens to the job, from the beginning or after the token, ending when the job ends. */
  watch(options?: WatchOptions): TrainingWatch;
  /**
   * Waits until the job has ended.
   * @throws StepwireError CANCELLED when the job was cancelled; FAILED_PRECONDITION with the job's error code as `reason` when it failed
   */
  result(options?: { signal?: AbortSignal | undefined }): Promise<TrainingResult>;
  /** Asks the service to end the job; it ends a moment later. */
  cancel(options?: CallOptions): Promise<TrainingJob>;
}

/** Which jobs `list` returns, newest first. */
export interface ListJobsOptions extends CallOptions {
  /** Only jobs in one of these states. */
  states?: readonly Exclude<TrainingJobState, "UNSPECIFIED">[] | undefined;
  /** Only jobs that carry all of these labels. */
  labels?: Readonly<Record<string, string>> | undefined;
  /** Jobs fetched by one call: at most 1000, 50 by default. All pages are listed in any case. */
  pageSize?: number | undefined;
}

/** Calls about training jobs. */
export interface TrainingJobs {
  /** Stores a job and queues it. Returns once it is durable. Every fault of the input is reported at once. */
  create(job: TrainingJobInput, options?: CreateOptions): Promise<Job>;
  get(id: string, options?: CallOptions): Promise<Job>;
  list(options?: ListJobsOptions): AsyncIterable<Job>;
  cancel(id: string, options?: CallOptions): Promise<TrainingJob>;
}

const setByServer = ["uid", "state", "createTime", "startTime", "endTime", "plan", "progress", "attempt", "error", "result"];

const read = (message: object): TrainingJob => readMessage("stepwire.v1.TrainingJob", message);

export function trainingJobs(connection: Connection): TrainingJobs {
  const { trainer } = connection;

  const get = async (id: string, options: CallOptions = {}): Promise<TrainingJob> => {
    requireValid(idViolations(id), optionViolations(options, callOptionNames, "options"));
    return read(
      await unary<object>(connection, "TrainerService/GetTrainingJob", (...call) => trainer.GetTrainingJob({ id }, ...call), options),
    );
  };
  const cancel = async (id: string, options: CallOptions = {}): Promise<TrainingJob> => {
    requireValid(idViolations(id), optionViolations(options, callOptionNames, "options"));
    return read(
      await unary<object>(connection, "TrainerService/CancelTrainingJob", (...call) => trainer.CancelTrainingJob({ id }, ...call), options),
    );
  };

  const handle = (job: TrainingJob): Job => ({
    ...job,
    snapshot: job,
    get: (options) => get(job.id, options),
    watch: (options = {}) => watchTrainingJob(connection, job.id, options),
    result: async (options = {}) => {
      requireValid(optionViolations(options, ["signal"], ""));
      const ended = await pollUntil(
        () => get(job.id, options),
        (current) => isEnded(current.state),
        options.signal,
      );
      return resultOf(ended);
    },
    cancel: (options) => cancel(job.id, options),
  });

  async function* list(options: ListJobsOptions = {}): AsyncGenerator<Job, void, undefined> {
    const violations = optionViolations(options, ["states", "labels", "pageSize", ...callOptionNames], "");
    const { states, labels, pageSize } = options ?? {};
    const request = writeMessage("stepwire.v1.ListTrainingJobsRequest", { states, labels, pageSize }, "", violations);
    requireValid(violations);
    yield* pages<ListTrainingJobsResponse, Job>(
      connection,
      "TrainerService/ListTrainingJobs",
      (token) =>
        (...call) =>
          trainer.ListTrainingJobs({ ...request, page_token: token }, ...call),
      (page) => page.training_jobs.map((job) => handle(read(job))),
      options,
    );
  }

  return {
    create: async (job, options = {}) => {
      const violations = [...objectViolations(job, "job"), ...optionViolations(options, createOptionNames, "options")];
      const input = withoutId(job, "job", violations);
      const own = Object.fromEntries(Object.entries(input).filter(([key]) => !setByServer.includes(key)));
      for (const field of setByServer.filter((name) => name in input))
        violations.push({ field, reason: "SET_BY_SERVER", description: `"${field}" is set by the server and cannot be given` });
      const message = writeMessage("stepwire.v1.TrainingJob", own, "", violations);
      requireValid(violations);
      const { id, ...common } = createRequest(options);
      const request: CreateTrainingJobRequestInput = { training_job: message, training_job_id: id, ...common };
      return handle(
        read(
          await unary<object>(
            connection,
            "TrainerService/CreateTrainingJob",
            (...call) => trainer.CreateTrainingJob(request, ...call),
            options,
          ),
        ),
      );
    },
    get: async (id, options) => handle(await get(id, options)),
    list,
    cancel,
  };
}

/** @throws StepwireError when the job did not succeed */
function resultOf(job: TrainingJob): TrainingResult {
  if (job.state === "SUCCEEDED" && job.result) return job.result;
  const metadata = { resource: "training job", id: job.id, state: job.state, attempt: String(job.error?.attempt ?? job.attempt) };
  if (job.state === "CANCELLED")
    throw new StepwireError("CANCELLED", `Training job "${job.id}" was CANCELLED.`, { reason: "TRAINING_JOB_CANCELLED", metadata });
  const { code = "UNKNOWN", message = "the server did not say why", field = "", step = 0 } = job.error ?? {};
  const failed = `Training job "${job.id}" FAILED${step > 0 ? ` at step ${step}` : ""}`;
  const options = { reason: code, metadata: { ...metadata, step: String(step) } };
  if (field === "") throw new StepwireError("FAILED_PRECONDITION", `${failed}: ${message}`, options);
  // The message is for readers who know no fields: it begins with this one.
  const description = message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
  throw new StepwireError("FAILED_PRECONDITION", `${failed}.`, { ...options, violations: [{ field, reason: code, description }] });
}
