import { status } from "@grpc/grpc-js";
import type { CreateTrainingJobRequest, TrainingJobInput as WireJob } from "@stepwire/proto";
import { afterEach, describe, expect, it } from "vitest";
import { type ContractHandlers, type ContractServer, detailedError, startContractServer } from "../testing/contractServer.js";
import { failureOf } from "../testing/failureOf.js";

let server: ContractServer | undefined;
afterEach(() => server?.close());

async function serve(trainer: NonNullable<ContractHandlers["trainer"]>) {
  server = await startContractServer({ trainer });
  return server.stepwire;
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
    const error = await failureOf(stepwire.jobs.create(misspelt, { jobId: "x" } as object));
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
    const error = await failureOf(stepwire.jobs.create(input));
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
    const error = await failureOf(list[Symbol.asyncIterator]().next());
    expect(error.violations[0]).toMatchObject({ field: "states[0]", reason: "UNKNOWN_VALUE" });
    expect(error.violations[0]?.description).toContain('did you mean "RUNNING"?');
  });
});
