import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createPredictorPool } from "#evaluator/predictions/predictorPool.js";
import { createLogger } from "#platform/logger.js";
import { runStepwire } from "../../clients/typescript/src/testing/runStepwire.js";
import { sample, sharedStack, tinyModel } from "../support/localStack.js";
import { childProcesses, stackProcesses, theProcess } from "../support/stackProcesses.js";

// Predict against the real services: the same as an evaluation says, whatever comes with it, also after its process is gone.

let stack: Awaited<ReturnType<typeof sharedStack>>;
let job: string;
let checkpoint: string;
let texts: string[];

beforeAll(async () => {
  stack = await sharedStack();
  const files = [
    { split: "train", path: sample("train") },
    { split: "validation", path: sample("validation") },
  ];
  const { id } = await stack.stepwire.datasets.import({ columns: { text: "text", label: "label" }, files });
  const created = await stack.stepwire.jobs.create({
    ...{ model: tinyModel("bert"), dataset: { id }, optimizer: { name: "adamw" }, maxSteps: 3, batchSize: 8, maxLength: 48 },
  });
  job = created.id;
  ({ checkpoint } = await created.result());
  texts = parse<{ text: string }>(await readFile(sample("validation"), "utf8"), { columns: true }).map(({ text }) => text);
});

const program = "services/evaluator/predictor/main.js";
const predictors = () => stackProcesses(stack.dataFolder, program);

describe("predictions", () => {
  it("are those of an evaluation of the same checkpoint, in the order of the texts, whatever they come with", async () => {
    const evaluation = await (await stack.stepwire.evaluations.create({ trainingJob: job, split: "validation" })).result();
    const rows = (await readFile(evaluation.metrics?.predictions ?? "", "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { predicted: number; probabilities: number[] });
    const { classes, predictions, weightsDigest } = await stack.stepwire.predict(job, texts);
    expect(weightsDigest).toBe(evaluation.metrics?.weightsDigest);
    expect(classes).toEqual(evaluation.metrics?.classes);
    expect(predictions).toHaveLength(rows.length);
    for (const [index, { label, probabilities }] of predictions.entries()) {
      expect(label).toBe(classes[rows[index]?.predicted ?? -1]);
      // Batches of other sizes round otherwise: float32.
      for (const [place, probability] of probabilities.entries())
        expect(Math.abs(probability - (rows[index]?.probabilities[place] ?? 9))).toBeLessThan(1e-5);
    }
    const alone = await stack.stepwire.predict(job, [texts[7] ?? ""]);
    for (const [place, probability] of (alone.predictions[0]?.probabilities ?? []).entries())
      expect(Math.abs(probability - (predictions[7]?.probabilities[place] ?? 9))).toBeLessThan(1e-5);
  });

  it("of more texts than a call takes come in several calls, and say what was cut", async () => {
    const many = Array.from({ length: 300 }, (_, index) => (index === 299 ? "a very long message ".repeat(50) : `message ${index}`));
    const { predictions } = await stack.stepwire.predict(job, many);
    expect(predictions).toHaveLength(300);
    expect(predictions[299]).toMatchObject({ tokens: 48, truncated: true });
    expect(predictions[0]).toMatchObject({ truncated: false });
    expect((await stack.stepwire.predict(job, ["\u0000\uD800 odd \u202E text"])).predictions[0]?.probabilities.every(Number.isFinite)).toBe(
      true,
    );
  });

  it("come from a model that is kept, and from another when its process dies, which many calls at once load once", async () => {
    await stack.stepwire.predict(job, ["warm"]);
    const [first = 0] = await predictors();
    await stack.stepwire.predict(job, ["warm"]);
    expect(await predictors()).toEqual([first]);
    process.kill(first, "SIGKILL");
    // A call that finds it dying is told to try again, which the SDK does.
    expect((await stack.stepwire.predict(job, ["again"])).predictions).toHaveLength(1);
    const second = await theProcess(stack.dataFolder, program);
    expect(second).not.toBe(first);
    process.kill(second, "SIGKILL");
    const together = await Promise.all(Array.from({ length: 6 }, (_, index) => stack.stepwire.predict(job, [`at once ${index}`])));
    expect(together.every(({ predictions }) => predictions.length === 1)).toBe(true);
    expect(await predictors()).toHaveLength(1);
  });

  it("come from a model that is let go when nobody asks, and is loaded again for the next question", async () => {
    const pool = createPredictorPool(createLogger("test", "silent"), { models: 1, idleMs: 1, waiting: 1, stallMs: 600_000 });
    const model = { checkpointFolder: checkpoint, maxLength: 48 };
    for (let time = 0; time < 2; time++) {
      const question = { examples: [{ text: "warm" }], patienceMs: 600_000 };
      expect((await pool.predict("key", model, question)).tokens).toHaveLength(1);
      await expect.poll(() => childProcesses(program)).toEqual([]);
    }
    await pool.close();
  });

  it("are refused with everything that is wrong", async () => {
    const faultsOf = async (asked: Promise<unknown>) => {
      const error = (await asked.catch((failure: unknown) => failure)) as { violations: { field: string; reason: string }[] };
      return error.violations.map(({ field, reason }) => `${field} ${reason}`);
    };
    expect(await faultsOf(stack.stepwire.predict("nobody", ["", "fine", " "]))).toEqual([
      "inputs[0].text REQUIRED",
      "inputs[2].text REQUIRED",
      "training_job NOT_FOUND",
    ]);
    expect(await faultsOf(stack.stepwire.predict(job, [{ text: "a", textPair: "b" }]))).toEqual(["inputs[0].text_pair CONFLICT"]);
    expect(await faultsOf(stack.stepwire.predict(job, []))).toEqual(["inputs REQUIRED"]);
    expect(await faultsOf(stack.stepwire.predict(job, ["x".repeat(500_000)]))).toEqual(["inputs[0].text TOO_LONG"]);
    expect(await faultsOf(stack.stepwire.predict(job, [7 as unknown as string, { txt: "a" } as unknown as string]))).toEqual([
      "inputs[0] WRONG_TYPE",
      "inputs[1].txt UNKNOWN_FIELD",
      "inputs[1].text WRONG_TYPE",
    ]);
    const waiting = await stack.stepwire.jobs.create({
      ...{ model: tinyModel("bert"), dataset: { id: (await stack.stepwire.jobs.get(job)).dataset?.id ?? "" } },
      optimizer: { name: "sgd" },
      maxSteps: 1_000_000,
    });
    onTestFinished(async () => void (await waiting.cancel()));
    await expect(stack.stepwire.predict(waiting.id, ["too early"])).rejects.toMatchObject({
      code: "FAILED_PRECONDITION",
      reason: "JOB_NOT_SUCCEEDED",
    });
  });
});

describe("stepwire predict", () => {
  const addresses = () => ["--trainer-address", stack.trainerAddress, "--evaluator-address", stack.evaluatorAddress];

  it("takes arguments, files and standard input's form, and prints what is most probable", async () => {
    const texts = await runStepwire(["predict", job, "my parcel is late", "thank you", ...addresses()]);
    expect(texts.stderr).toBe("");
    expect(texts.stdout.trim().split("\n")).toHaveLength(2);
    expect(texts.stdout).toMatch(/^\w+ 0\.\d{3} {2}\w+ 0\.\d{3} {2}\w+ 0\.\d{3} {2}\| {2}my parcel is late\n/);
    const file = join(stack.folder, "texts.jsonl");
    await writeFile(file, '{"text": "where is it"}\n\n"refund"\n');
    const lines = await runStepwire(["predict", job, "--file", file, "--json", ...addresses()]);
    expect(lines.code).toBe(0);
    expect(lines.lines.map(({ type, index, text }) => [type, index, text])).toEqual([
      ["prediction", 0, "where is it"],
      ["prediction", 1, "refund"],
    ]);
    const sum = ((lines.lines[0]?.["probabilities"] ?? []) as number[]).reduce((total, value) => total + value, 0);
    expect(sum).toBeCloseTo(1, 6);
  });

  it("says what is wrong with what it was given", async () => {
    const nothing = await runStepwire(["predict", job, ...addresses()]);
    expect(nothing).toMatchObject({ code: 2, stderr: expect.stringContaining("[texts...]: is not given") });
    const both = await runStepwire(["predict", job, "a", "b", "--pair", "c", "--file", "none.txt", ...addresses()]);
    expect(both.code).toBe(2);
    for (const flag of ["--file: is given, and so are texts", '--file: "none.txt" cannot be read', "--pair: goes with one text"])
      expect(both.stderr).toContain(flag);
    const file = join(stack.folder, "broken.jsonl");
    await writeFile(file, '{"text": "fine"}\n{"txt": "wrong"}\n');
    expect((await runStepwire(["predict", job, "--file", file, ...addresses()])).stderr).toContain(`${file}:2: `);
    expect((await runStepwire(["predict", "nobody", "a", ...addresses()])).stderr).toContain('<job>: there is no training job "nobody"');
  });
});
