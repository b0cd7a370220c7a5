import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { processorMs } from "../support/cpuTime.js";
import { startTestStack, type TestStack } from "../support/localStack.js";
import { theProcess } from "../support/stackProcesses.js";

// Predict with a tokenizer whose pattern takes for ever on some texts, and drops others.

let stack: TestStack;
let job: string;
const stallSeconds = 4;

beforeAll(async () => {
  stack = await startTestStack({ STEPWIRE_STALL_SECONDS: String(stallSeconds) });
  const model = join(stack.folder, "hanging");
  await cp(join(repositoryRoot, "test/parity/goldens/tiny-gpt2"), model, { recursive: true });
  const path = join(model, "tokenizer.json");
  const json = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  const pretokenizers = [{ type: "Split", pattern: { Regex: "(a+)+$" }, behavior: "Isolated", invert: false }, json["pre_tokenizer"]];
  const normalizer = { type: "Replace", pattern: { String: "x" }, content: "" };
  await writeFile(path, JSON.stringify({ ...json, normalizer, pre_tokenizer: { type: "Sequence", pretokenizers } }));
  const rows = Array.from({ length: 20 }, (_, index) => `{"text": "good film ${index}", "label": "${index % 2}"}`);
  const { id } = await stack.stepwire.datasets.import({
    columns: { text: "text", label: "label" },
    files: [{ split: "train", content: rows.join("\n"), format: "JSONL" }],
  });
  const created = await stack.stepwire.jobs.create({
    ...{ model, dataset: { id }, optimizer: { name: "adamw" }, maxSteps: 1, batchSize: 4 },
  });
  job = created.id;
  await created.result();
});
afterAll(() => stack.close());

const hanging = `${"a".repeat(60)}b`;

describe("predictions", () => {
  it("are refused by the names of the texts that no token is left of", async () => {
    await expect(stack.stepwire.predict(job, ["x", "good film", "xx"])).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      violations: [
        { field: "inputs[0].text", reason: "NO_TOKEN" },
        { field: "inputs[2].text", reason: "NO_TOKEN" },
      ],
    });
    expect((await stack.stepwire.predict(job, ["good film"])).predictions).toHaveLength(1);
  });

  it("end with the reason when a text hangs the model, and those that waited are made by another process", async () => {
    await stack.stepwire.predict(job, ["a model that is loaded"]);
    const predictor = await theProcess(stack.dataFolder, "services/evaluator/predictor/main.js");
    const before = await processorMs(predictor);
    const first = stack.stepwire.predict(job, [hanging]);
    // It works on that text: no other takes it so long.
    await expect.poll(async () => (await processorMs(predictor)) - before).toBeGreaterThan(500);
    const [hung, short, patient] = await Promise.allSettled([
      first,
      stack.stepwire.predict(job, ["good film"], { deadlineMs: 2000 }),
      stack.stepwire.predict(job, ["a bad film"]),
    ]);
    expect(hung).toMatchObject({ status: "rejected", reason: { code: "DEADLINE_EXCEEDED", reason: "PREDICTOR_STALLED" } });
    expect(short).toMatchObject({ status: "rejected", reason: { code: "DEADLINE_EXCEEDED" } });
    expect(patient).toMatchObject({ status: "fulfilled", value: { predictions: { length: 1 } } });
  });

  it("come again after a caller whose text hangs has given up", async () => {
    const failure = await stack.stepwire.predict(job, [hanging], { deadlineMs: 1000 }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "DEADLINE_EXCEEDED" });
    // It was told by its own deadline, not by the end of the process.
    expect(failure).not.toMatchObject({ reason: "PREDICTOR_STALLED" });
    expect((await stack.stepwire.predict(job, ["good film"])).predictions).toHaveLength(1);
  });
});
