import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createPredictorPool } from "#evaluator/predictions/predictorPool.js";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { createLogger } from "#platform/logger.js";
import { processorMs } from "../support/cpuTime.js";
import { startTestStack, type TestStack } from "../support/localStack.js";
import { childProcesses } from "../support/stackProcesses.js";
import { until } from "../support/until.js";

// Predict with a tokenizer whose pattern takes for ever on some texts, and drops others.

let stack: TestStack;
let job: string;
let checkpoint: string;

beforeAll(async () => {
  stack = await startTestStack({ STEPWIRE_STALL_SECONDS: "20" });
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
  ({ checkpoint } = await created.result());
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

  it("end with the reason when a text hangs the model", async () => {
    await expect(stack.stepwire.predict(job, [hanging])).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED", reason: "PREDICTOR_STALLED" });
  });
});

describe("a process that a text hangs", () => {
  // On a clock of the test's own, so that a busy machine does not look like one that hangs.
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "setTimeout", "clearTimeout", "performance"] }));
  afterEach(() => void vi.useRealTimers());

  const hourMs = 3_600_000;
  const openPool = () => {
    const pool = createPredictorPool(createLogger("test", "silent"), { models: 1, idleMs: hourMs, waiting: 3, stallMs: 60_000 });
    const predict = (text: string, patienceMs = hourMs) =>
      pool.predict("key", { checkpointFolder: checkpoint, maxLength: 48 }, { examples: [{ text }], patienceMs });
    return { pool, predict };
  };
  /** Asks for the text that hangs, and waits until the process works on it: no other takes it so long. */
  const hang = async (predict: (text: string, patienceMs?: number) => Promise<unknown>, patienceMs?: number) => {
    await predict("a model that is loaded");
    const [predictor = 0] = await childProcesses("services/evaluator/predictor/main.js");
    const before = await processorMs(predictor);
    const hung = predict(hanging, patienceMs).catch((error: unknown) => error);
    await until(async () => (await processorMs(predictor)) - before > 500);
    return { predictor, hung };
  };

  it("is ended when it shows no progress, and another answers those that still wait", async () => {
    const { pool, predict } = openPool();
    const { predictor, hung } = await hang(predict);
    const short = predict("good film", 2000).catch((error: unknown) => error);
    const patient = predict("a bad film");
    vi.advanceTimersByTime(2000);
    expect(await short).toMatchObject({ code: status.DEADLINE_EXCEEDED, reason: "DEADLINE_EXCEEDED" });
    vi.advanceTimersByTime(57_000);
    expect(await childProcesses("services/evaluator/predictor/main.js")).toEqual([predictor]);
    vi.advanceTimersByTime(2000);
    expect(await hung).toMatchObject({ code: status.DEADLINE_EXCEEDED, reason: "PREDICTOR_STALLED" });
    expect(await patient).toMatchObject({ tokens: { length: 1 } });
    await pool.close();
  });

  it("is ended sooner when nobody waits for its answer any more", async () => {
    const { pool, predict } = openPool();
    const { hung } = await hang(predict, 1000);
    vi.advanceTimersByTime(1000);
    // It was told by its own deadline, not by the end of the process.
    expect(await hung).toMatchObject({ code: status.DEADLINE_EXCEEDED, reason: "DEADLINE_EXCEEDED" });
    const next = predict("good film");
    vi.advanceTimersByTime(30_000);
    expect(await next).toMatchObject({ tokens: { length: 1 } });
    await pool.close();
  });
});
