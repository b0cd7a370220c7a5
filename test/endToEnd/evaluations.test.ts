import { access } from "node:fs/promises";
import { join } from "node:path";
import { StepwireError } from "@stepwire/client";
import { beforeAll, describe, expect, it } from "vitest";
import { runStepwire } from "../../clients/typescript/src/testing/runStepwire.js";
import { sample, sharedStack, tinyModel } from "../support/localStack.js";
import { stackProcesses } from "../support/stackProcesses.js";
import { evaluationRunner, standingEvaluation } from "../support/standingEvaluation.js";

// The end of evaluations, against the real services: cancelled while they wait or run, and deleted.

let stack: Awaited<ReturnType<typeof sharedStack>>;
let job: string;

beforeAll(async () => {
  stack = await sharedStack();
  const files = [
    { split: "train", path: sample("train") },
    { split: "validation", path: sample("validation") },
  ];
  const { id } = await stack.stepwire.datasets.import({ columns: { text: "text", label: "label" }, files });
  const created = await stack.stepwire.jobs.create({
    ...{ model: tinyModel("bert"), dataset: { id }, optimizer: { name: "adamw" }, maxSteps: 2, batchSize: 8, maxLength: 32 },
  });
  job = created.id;
  await created.result();
});

const isStored = (uid: string) =>
  access(join(stack.folder, "data", "default", "evaluations", uid)).then(
    () => true,
    () => false,
  );
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => StepwireError.from(error),
  );

describe("an evaluation", () => {
  it("that runs ends at once when it is cancelled, as does one that waits, and leaves no process and no predictions", async () => {
    const { evaluations } = stack.stepwire;
    const running = await standingEvaluation(stack, job);
    const waiting = await evaluations.create({ trainingJob: job, split: "validation", level: 0.9 });
    expect(await evaluations.cancel(waiting.id)).toMatchObject({ state: "CANCELLED" });
    expect(await running.cancel()).toMatchObject({ state: "CANCELLED" });
    await expect.poll(() => stackProcesses(stack.dataFolder, evaluationRunner)).toEqual([]);
    expect(await failure(running.result())).toMatchObject({ code: "CANCELLED", reason: "EVALUATION_CANCELLED" });
    // Cancelling twice is cancelling once.
    expect(await running.cancel()).toMatchObject({ state: "CANCELLED" });
    expect(await isStored(running.uid)).toBe(false);
    expect(await isStored(waiting.uid)).toBe(false);
    // The worker goes on with what comes next.
    await (await evaluations.create({ trainingJob: job, split: "validation" })).result();
  });

  it("that has ended is deleted with its predictions, and cannot be compared any more", async () => {
    const { evaluations } = stack.stepwire;
    const [one, other] = await Promise.all(
      [0.9, 0.95].map(async (level) => (await evaluations.create({ trainingJob: job, split: "validation", level })).result()),
    );
    if (!one || !other) return expect.unreachable();
    expect(await failure(evaluations.cancel(one.id))).toMatchObject({ code: "FAILED_PRECONDITION", reason: "EVALUATION_ENDED" });
    expect(await isStored(one.uid)).toBe(true);
    await evaluations.delete(one.id);
    expect(await isStored(one.uid)).toBe(false);
    expect(await failure(evaluations.get(one.id))).toMatchObject({ code: "NOT_FOUND" });
    expect(await failure(evaluations.delete(one.id))).toMatchObject({ code: "NOT_FOUND" });
    const compared = await failure(evaluations.compare({ groups: [{ evaluations: [one.id] }, { evaluations: [other.id] }] }));
    expect(compared.violations).toMatchObject([{ field: "groups[0].evaluations[0]", reason: "NOT_FOUND" }]);
  });

  it("is listed, shown, cancelled and deleted by the command", async () => {
    const { id } = await (await stack.stepwire.evaluations.create({ trainingJob: job, split: "validation" })).result();
    const command = (...args: string[]) => runStepwire(["evaluation", ...args, "--evaluator-address", stack.evaluatorAddress]);
    expect((await command("list", "--job", job)).stdout).toMatch(new RegExp(`${id} +SUCCEEDED .*${job} +validation +0\\.\\d+ +\\d`));
    expect((await command("show", id)).stdout).toContain("accuracy 0.");
    expect(await command("cancel", id)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("has already ended: SUCCEEDED") as string,
    });
    expect((await command("delete", id)).stdout).toBe(`evaluation ${id} is deleted\n`);
    expect((await command("show", id)).stderr).toContain(`There is no evaluation "${id}"`);
    // What is not done cannot be deleted.
    const running = await standingEvaluation(stack, job);
    const queued = await stack.stepwire.evaluations.create({ trainingJob: job, split: "validation" });
    expect((await command("delete", queued.id)).stderr).toMatch(/is (?:QUEUED|RUNNING); cancel it, or wait for its end/);
    expect((await command("cancel", queued.id)).stdout).toBe(`evaluation ${queued.id} is CANCELLED\n`);
    await running.cancel();
  });
});
