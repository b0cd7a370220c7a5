import type { TrainingJobInput as WireJob } from "@stepwire/proto";
import { afterEach, describe, expect, it } from "vitest";
import { type ContractHandlers, type ContractServer, startContractServer } from "../testing/contractServer.js";
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
    const error = await failureOf(job.result());
    expect(error).toMatchObject({
      code: "FAILED_PRECONDITION",
      reason: "NAN_LOSS",
      metadata: { id: "job", state: "FAILED", attempt: "1", step: "7" },
    });
    expect(error.message).toBe('Training job "job" FAILED at step 7: the loss is NaN');
  });

  it("rejects with CANCELLED when the job was cancelled", async () => {
    const job = await ending(wireJob("TRAINING_JOB_STATE_CANCELLED"));
    expect(await failureOf(job.result())).toMatchObject({ code: "CANCELLED", reason: "TRAINING_JOB_CANCELLED" });
  });

  it("stops waiting when its signal is aborted", async () => {
    const job = await ending(wireJob("TRAINING_JOB_STATE_RUNNING"));
    expect(await failureOf(job.result({ signal: AbortSignal.timeout(150) }))).toMatchObject({ code: "CANCELLED" });
  });
});
