import { status } from "@grpc/grpc-js";
import type { CreateTrainingJobRequest, TrainingEventInput, TrainingJobInput as WireJob } from "@stepwire/proto";
import { afterEach, describe, expect, it } from "vitest";
import { StepwireError } from "../stepwireError.js";
import { type ContractHandlers, type ContractServer, detailedError, startContractServer } from "../testing/contractServer.js";

let server: ContractServer | undefined;
afterEach(() => server?.close());

async function serve(trainer: NonNullable<ContractHandlers["trainer"]>, deadlineMs = 5000) {
  server = await startContractServer({ trainer }, { deadlineMs });
  return server.stepwire;
}

async function failure(promise: Promise<unknown>): Promise<StepwireError> {
  const reason = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(reason).toBeInstanceOf(StepwireError);
  return reason as StepwireError;
}

const wireJob = (state: WireJob["state"], more: WireJob = {}): WireJob => ({
  id: "job",
  uid: "u",
  ...(state !== undefined && { state }),
  ...more,
});
const input = { model: "all-MiniLM-L6-v2", dataset: { id: "data" }, optimizer: { name: "adamw" } };

describe("jobs.create", () => {
  it("sends the job in the contract's spelling, with a request id of its own", async () => {
    const requests: CreateTrainingJobRequest[] = [];
    const stepwire = await serve({
      CreateTrainingJob: (call, callback) => {
        requests.push(call.request);
        callback(null, wireJob("TRAINING_JOB_STATE_QUEUED"));
      },
    });
    const job = await stepwire.jobs.create(
      {
        ...input,
        optimizer: { name: "adamw", hyperparameters: { learning_rate: 5e-5 } },
        maxSteps: 3,
        seed: 2 ** 40,
        onNan: "SKIP",
        labels: { team: "a" },
        maxGradNorm: Infinity,
      },
      { id: "job" },
    );
    await stepwire.jobs.create(input);
    expect(job).toMatchObject({ id: "job", uid: "u", state: "QUEUED" });
    expect(requests[0]).toMatchObject({
      training_job_id: "job",
      validate_only: false,
      training_job: {
        max_steps: 3,
        seed: String(2 ** 40),
        on_nan: "NAN_POLICY_SKIP",
        labels: { team: "a" },
        max_grad_norm: Infinity,
        optimizer: { name: "adamw", hyperparameters: { fields: { learning_rate: { numberValue: 5e-5 } } } },
      },
    });
    expect(requests[0]?.training_job?.epochs).toBeUndefined();
    expect(requests[0]?.request_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(requests[1]?.request_id).not.toBe(requests[0]?.request_id);
  });

  it("refuses unknown keys and wrong types before anything is sent, all at once", async () => {
    let calls = 0;
    const stepwire = await serve({ CreateTrainingJob: () => void calls++ });
    const misspelt = {
      ...input,
      optimiser: { name: "adamw" },
      dataset: { id: "data", maxTrainRow: 3 },
      batchSize: "32" as unknown as number,
      id: "x",
      state: "RUNNING",
    };
    const error = await failure(stepwire.jobs.create(misspelt, { jobId: "x" } as object));
    expect(error.code).toBe("INVALID_ARGUMENT");
    expect(Object.fromEntries(error.violations.map(({ field, description }) => [field, description]))).toEqual({
      optimiser: 'unknown field "optimiser"; did you mean "optimizer"?',
      "dataset.maxTrainRow": 'unknown field "maxTrainRow"; did you mean "maxTrainRows"?',
      batchSize: '"32" is not a whole number',
      id: 'the id is not part of the job: create(job, { id: "x" })',
      state: '"state" is set by the server and cannot be given',
      "options.jobId": 'unknown field "jobId"; allowed: id, requestId, validateOnly, deadlineMs, signal',
    });
    expect(error.message.split("\n")).toHaveLength(7);
    expect(calls).toBe(0);
  });

  it("decodes the server's error with all its violations", async () => {
    const violations = [
      { field: "training_job.batch_size", reason: "OUT_OF_RANGE", description: "0 is out of range" },
      { field: "training_job.epochs", reason: "OUT_OF_RANGE", description: "-1 is out of range" },
    ];
    const message = violations.map(({ field, description }) => `${field}: ${description}`).join("\n");
    const stepwire = await serve({
      CreateTrainingJob: (_call, callback) =>
        callback(detailedError({ code: status.INVALID_ARGUMENT, message, reason: "INVALID_FIELDS", metadata: { a: "b" }, violations })),
    });
    const error = await failure(stepwire.jobs.create(input));
    expect(error).toMatchObject({ code: "INVALID_ARGUMENT", reason: "INVALID_FIELDS", metadata: { a: "b" }, violations, retryable: false });
    expect(error.message).toBe(
      "2 fields are invalid:\n  training_job.batch_size: 0 is out of range\n  training_job.epochs: -1 is out of range",
    );
  });

  it("makes the call again, with the same request id, when the service is unavailable for a moment", async () => {
    const ids: string[] = [];
    const stepwire = await serve({
      CreateTrainingJob: (call, callback) => {
        ids.push(call.request.request_id);
        if (ids.length < 3) callback({ code: status.UNAVAILABLE, details: "restarting" });
        else callback(null, wireJob("TRAINING_JOB_STATE_QUEUED"));
      },
    });
    await stepwire.jobs.create(input);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
  });
});

describe("a call", () => {
  it("ends with DEADLINE_EXCEEDED after the default deadline, and after its own", async () => {
    const stepwire = await serve({ GetTrainingJob: () => undefined }, 100);
    expect(await failure(stepwire.jobs.get("job"))).toMatchObject({ code: "DEADLINE_EXCEEDED" });
    const before = Date.now();
    expect(await failure(stepwire.jobs.get("job", { deadlineMs: 300 }))).toMatchObject({ code: "DEADLINE_EXCEEDED" });
    expect(Date.now() - before).toBeGreaterThan(250);
  });

  it("ends with CANCELLED when its signal is aborted, and the server hears of it", async () => {
    const controller = new AbortController();
    let heard = 0;
    const stepwire = await serve({
      GetTrainingJob: (call) => {
        call.once("cancelled", () => heard++);
        controller.abort();
      },
    });
    const aborted = { code: "CANCELLED", reason: "ABORTED_BY_CALLER" };
    expect(await failure(stepwire.jobs.get("job", { signal: controller.signal }))).toMatchObject(aborted);
    await expect.poll(() => heard).toBe(1);
    expect(await failure(stepwire.jobs.get("job", { signal: controller.signal }))).toMatchObject(aborted);
  });

  it("fails with UNAVAILABLE, retryable, when nothing listens", async () => {
    const stepwire = await serve({});
    server?.close();
    const { Stepwire } = await import("../stepwire.js");
    const other = new Stepwire({ trainerAddress: server?.address ?? "", deadlineMs: 5000 });
    expect(await failure(other.jobs.get("job"))).toMatchObject({ code: "UNAVAILABLE", retryable: true });
    other.close();
    stepwire.close();
  });
});

describe("jobs.list", () => {
  it("goes through all pages with the filter", async () => {
    const seen: unknown[] = [];
    const stepwire = await serve({
      ListTrainingJobs: (call, callback) => {
        seen.push(call.request);
        const page = Number(call.request.page_token || "0");
        callback(null, {
          training_jobs: [wireJob("TRAINING_JOB_STATE_RUNNING", { id: `job-${page}` })],
          next_page_token: page < 2 ? String(page + 1) : "",
        });
      },
    });
    const ids: string[] = [];
    for await (const job of stepwire.jobs.list({ states: ["RUNNING"], labels: { team: "a" }, pageSize: 1 })) ids.push(job.id);
    expect(ids).toEqual(["job-0", "job-1", "job-2"]);
    expect(seen[1]).toMatchObject({ states: ["TRAINING_JOB_STATE_RUNNING"], labels: { team: "a" }, page_size: 1, page_token: "1" });
  });

  it("refuses an unknown state with the nearest one", async () => {
    const stepwire = await serve({});
    const list = stepwire.jobs.list({ states: ["RUNING" as "RUNNING"] });
    const error = await failure(list[Symbol.asyncIterator]().next());
    expect(error.violations[0]).toMatchObject({ field: "states[0]", reason: "UNKNOWN_VALUE" });
    expect(error.violations[0]?.description).toContain('did you mean "RUNNING"?');
  });
});

const point = (step: number): TrainingEventInput => ({
  job: "job",
  resume_token: String(step),
  metric: {
    step,
    loss: step === 2 ? NaN : step / 2,
    kind: "METRIC_KIND_TRAIN",
    time: { seconds: 1_700_000_000, nanos: 5_000_000 },
    optimizer_scalars: { ratio: Infinity },
  },
});
const ended: TrainingEventInput = { job: "job", resume_token: "9", state_change: { state: "TRAINING_JOB_STATE_SUCCEEDED" } };

describe("job.watch", () => {
  it("goes on with the resume token when the connection is lost, and ends after the job's end", async () => {
    const tokens: string[] = [];
    const stepwire = await serve({
      GetTrainingJob: (_call, callback) => callback(null, wireJob("TRAINING_JOB_STATE_RUNNING")),
      WatchTrainingJob: (call) => {
        tokens.push(call.request.resume_token);
        if (tokens.length === 1) {
          call.write(point(1));
          call.write(point(2));
          call.emit("error", { code: status.UNAVAILABLE, details: "restarting" });
        } else if (tokens.length === 2) {
          call.end();
        } else {
          call.write(point(3));
          call.write(ended);
          call.end();
        }
      },
    });
    const job = await stepwire.jobs.get("job");
    const events = [];
    for await (const event of job.watch()) events.push(event);
    expect(tokens).toEqual(["", "2", "2"]);
    expect(events.map(({ metric }) => metric?.loss)).toEqual([0.5, NaN, 1.5, undefined]);
    expect(events[0]?.metric).toMatchObject({
      kind: "TRAIN",
      step: 1,
      time: new Date(1_700_000_000_005),
      optimizerScalars: { ratio: Infinity },
    });
    expect(Object.keys(events[0] ?? {})).not.toContain("event");
    expect(events.at(-1)?.stateChange?.state).toBe("SUCCEEDED");
  });

  it("cancels the call when the loop is left, and when its signal is aborted", async () => {
    let cancelled = 0;
    const stepwire = await serve({
      GetTrainingJob: (_call, callback) => callback(null, wireJob("TRAINING_JOB_STATE_RUNNING")),
      WatchTrainingJob: (call) => {
        call.write(point(1));
        call.once("cancelled", () => cancelled++);
      },
    });
    const job = await stepwire.jobs.get("job");
    for await (const event of job.watch()) if (event.metric) break;
    const controller = new AbortController();
    const read = async () => {
      for await (const event of job.watch({ signal: controller.signal })) if (event.metric) controller.abort();
    };
    expect(await failure(read())).toMatchObject({ code: "CANCELLED" });
    await expect.poll(() => cancelled).toBe(2);
  });

  it("does not repeat what cannot succeed", async () => {
    const stepwire = await serve({
      GetTrainingJob: (_call, callback) => callback(null, wireJob("TRAINING_JOB_STATE_RUNNING")),
      WatchTrainingJob: (call) =>
        void call.emit(
          "error",
          detailedError({
            code: status.NOT_FOUND,
            message: 'There is no training job "job".',
            reason: "TRAINING_JOB_NOT_FOUND",
            metadata: {},
            violations: [{ field: "id", reason: "TRAINING_JOB_NOT_FOUND", description: 'There is no training job "job".' }],
          }),
        ),
    });
    const job = await stepwire.jobs.get("job");
    const error = await failure(job.watch()[Symbol.asyncIterator]().next());
    expect(error).toMatchObject({ code: "NOT_FOUND", reason: "TRAINING_JOB_NOT_FOUND", message: 'There is no training job "job".' });
  });
});

const ending = async (...answers: WireJob[]) => {
  let next = 0;
  return await (
    await serve({ GetTrainingJob: (_call, callback) => callback(null, answers[Math.min(next++, answers.length - 1)] ?? null) })
  ).jobs.get("job");
};

describe("job.result", () => {
  it("waits for the end and returns numbers as numbers", async () => {
    const running = wireJob("TRAINING_JOB_STATE_RUNNING");
    const job = await ending(
      running,
      running,
      wireJob("TRAINING_JOB_STATE_SUCCEEDED", { result: { steps: 3, tokens: "1234567890123", checkpoint: "/c" } }),
    );
    expect(await job.result()).toMatchObject({ steps: 3, tokens: 1_234_567_890_123, checkpoint: "/c" });
  });

  it("rejects with the job's own error when it failed", async () => {
    const job = await ending(
      wireJob("TRAINING_JOB_STATE_FAILED", { error: { code: "NAN_LOSS", message: "the loss is NaN", attempt: 1, step: 7 } }),
    );
    const error = await failure(job.result());
    expect(error).toMatchObject({
      code: "FAILED_PRECONDITION",
      reason: "NAN_LOSS",
      metadata: { id: "job", state: "FAILED", attempt: "1", step: "7" },
    });
    expect(error.message).toBe('Training job "job" FAILED at step 7: the loss is NaN');
  });

  it("rejects with CANCELLED when the job was cancelled", async () => {
    const job = await ending(wireJob("TRAINING_JOB_STATE_CANCELLED"));
    expect(await failure(job.result())).toMatchObject({ code: "CANCELLED", reason: "TRAINING_JOB_CANCELLED" });
  });

  it("stops waiting when its signal is aborted", async () => {
    const job = await ending(wireJob("TRAINING_JOB_STATE_RUNNING"));
    expect(await failure(job.result({ signal: AbortSignal.timeout(150) }))).toMatchObject({ code: "CANCELLED" });
  });
});
