import { status } from "@grpc/grpc-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { detailedError } from "../testing/contractServer.js";
import { runStepwire } from "../testing/runStepwire.js";
import { type ServiceServer, startServiceServer } from "../testing/serviceServer.js";

let server: ServiceServer;
beforeEach(async () => {
  server = await startServiceServer();
});
afterEach(() => server.close());

const run = (...args: string[]) => runStepwire([...server.flags, ...args]);

describe("the commands about jobs", () => {
  it("list, show, watch and cancel them", async () => {
    const list = await run("jobs", "--limit", "1");
    expect(list).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ID +STATE.*\njob +SUCCEEDED/) as string });
    expect(list.stdout).not.toContain("older");
    expect((await run("jobs", "job")).stdout).toMatch(/optimizer +adamw/);
    expect((await run("watch", "job", "--json")).lines.map(({ type }) => type)).toEqual(["state", "metric", "metric", "state", "result"]);
    expect(await run("cancel", "job")).toMatchObject({ code: 0, stdout: "training job job is CANCELLING\n" });
  });

  it("name the flag of a state that there is not, of a bad label, of a bad limit", async () => {
    const state = await run("jobs", "--state", "runing");
    expect(state).toMatchObject({ code: 2, stderr: expect.stringMatching(/^stepwire: --state: .*did you mean "RUNNING"\?\n$/) as string });
    const { code, stderr } = await run("jobs", "--job-label", "a", "--limit", "9007199254740993");
    expect(code).toBe(2);
    expect(stderr).toContain('--job-label: "a" is not of the form key=value');
    expect(stderr).toContain('--limit: "9007199254740993" is out of range; allowed: 1 to 9007199254740991');
  });

  it("name their argument when it is empty", async () => {
    for (const command of ["watch", "cancel", "jobs"])
      expect(await run(command, "")).toMatchObject({ code: 2, stderr: "stepwire: <job>: is empty; give an id\n" });
  });
});

describe("stepwire evaluate", () => {
  it("prints the evaluation", async () => {
    expect((await run("evaluate", "job", "--split", "test", "--json")).lines).toMatchObject([{ type: "evaluation", training_job: "job" }]);
  });

  it("names the flags of what the server refused", async () => {
    const violations = [
      { field: "evaluation.training_job", reason: "NOT_FOUND", description: 'there is no training job "j"' },
      { field: "evaluation.split", reason: "NOT_FOUND", description: 'no split "dev"' },
      { field: "evaluation.level", reason: "OUT_OF_RANGE", description: "2 is out of range" },
    ];
    const message = violations.map(({ field, description }) => `${field}: ${description}`).join("\n");
    server.answers.refusedEvaluation = detailedError({
      ...{ code: status.INVALID_ARGUMENT, message, reason: "INVALID_FIELDS", metadata: {}, violations },
    });
    const { code, stderr } = await run("evaluate", "j", "--split", "dev", "--level", "2");
    expect(code).toBe(2);
    expect(stderr).toContain('  <job>: there is no training job "j"\n  --split: no split "dev"\n  --level: 2 is out of range\n');
  });
});

describe("stepwire optimizers", () => {
  it("lists them, and suggests the nearest for one that there is not", async () => {
    expect((await run("optimizers")).stdout).toContain("adamw  Adam with decoupled weight decay.");
    expect(await run("optimizers", "adamv")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean "adamw"?') as string,
    });
  });
});
