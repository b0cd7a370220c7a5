import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Example } from "#core/datasets/example.js";
import type { TrainingSpec } from "#core/jobs/trainingJob.js";
import { validateOptimizer } from "#core/optimizers/validateOptimizer.js";
import { planTraining } from "#core/training/planTraining.js";
import { logLoss } from "#core/statistics/logLoss.js";
import type { SequenceLogits } from "../prediction/batchedLogits.js";
import { predict } from "../prediction/predict.js";
import { tf } from "../tensorflow.js";
import { type EnginePoint, train } from "./train.js";

const modelFolder = fileURLToPath(new URL("../../../test/parity/goldens/tiny-bert", import.meta.url));
const nouns = ["film", "movie", "plot", "story", "cast", "heart", "town"];
const rows: Example[] = nouns.flatMap((noun) => [
  { text: `a good ${noun}`, label: 1 },
  { text: `great ${noun} !`, label: 1 },
  { text: `a bad ${noun}`, label: 0 },
  { text: `thin ${noun} , not good`, label: 0 },
]);
const spec: TrainingSpec = {
  task: "classification",
  model: "tiny",
  dataset: { id: "toy", trainSplit: "train", splitSeed: 0 },
  optimizer: optimizer("adamw", 3e-3),
  schedule: { name: "linear", warmupRatio: 0.1 },
  maxGradNorm: 1,
  epochs: 20,
  batchSize: 8,
  microBatchTokens: 40,
  maxLength: 16,
  seed: 1,
  onNan: "FAIL",
};

/** An optimizer with the catalogue's defaults. */
function optimizer(name: string, learningRate: number): TrainingSpec["optimizer"] {
  return {
    name,
    hyperparameters: validateOptimizer({ name, hyperparameters: { learning_rate: learningRate } }, "optimizer").hyperparameters,
  };
}

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-train-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(changes: Partial<TrainingSpec>, name: string, stopAfter = Infinity) {
  const points: EnginePoint[] = [];
  const logs: string[] = [];
  const used = { ...spec, ...changes };
  const plan = planTraining({ spec: used, trainRows: rows.length, validationRows: rows.length, tokenLengths: [], classes: 2 });
  const checkpointFolder = join(folder, name);
  const input = { spec: used, plan, modelFolder, train: rows, validation: rows, classes: ["bad", "good"], checkpointFolder };
  const outcome = await train(input, {
    onStep: (point) => points.push(point),
    onEvaluation: (point) => points.push(point),
    onLog: (_level, message) => logs.push(message),
    shouldStop: () => points.length >= stopAfter,
  });
  return { ...outcome, plan, points, logs, checkpointFolder };
}

describe("training", () => {
  it("learns, reports every step and one evaluation an epoch, and saves what it evaluated", async () => {
    const before = tf.memory().numTensors;
    const { stopped, result, plan, points, checkpointFolder } = await run({}, "learned");
    expect(stopped).toBe(false);
    const steps = points.filter(({ kind }) => kind === "TRAIN");
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: plan.totalSteps }, (_, index) => index + 1));
    expect(steps.slice(0, 4).map(({ examples }) => examples)).toEqual([8, 8, 8, 4]);
    expect(points.filter(({ kind }) => kind === "EVALUATION").length).toBe(20);
    expect(result?.finalLoss).toBeLessThan(0.5 * (steps[0]?.loss ?? 0));
    expect(result?.validationAccuracy).toBeGreaterThan(0.9);
    expect(result?.peakMemoryBytes).toBeGreaterThan(1e8);
    for (const { gradNorm, updateNorm, paramNorm } of steps)
      for (const norm of [gradNorm, updateNorm, paramNorm]) expect(norm).toBeGreaterThanOrEqual(0);

    const predictions: SequenceLogits[] = [];
    const examples = rows;
    await predict({ checkpointFolder, examples, maxLength: 16, maxTokensPerBatch: 12 }, (batch) => predictions.push(...batch));
    predictions.sort((a, b) => a.index - b.index);
    const loss = logLoss(predictions.map(({ index, logits }) => ({ label: examples[index]?.label ?? 0, logits })));
    expect(loss).toBeCloseTo(result?.validationLoss ?? Number.NaN, 5);
    const config = JSON.parse(await readFile(join(checkpointFolder, "config.json"), "utf8")) as { id2label: unknown };
    expect(config.id2label).toEqual({ 0: "bad", 1: "good" });
    // What is kept between runs is constant: a second run adds nothing.
    const between = tf.memory().numTensors;
    await run({ epochs: 1 }, "again");
    expect(tf.memory().numTensors).toBe(between);
    expect(between - before).toBeLessThan(20);
  });

  it("gives the same weights, bit for bit, when it is run again, and others with another seed", async () => {
    const digest = async (seed: number, name: string) => (await run({ seed, epochs: 2 }, name)).result?.weightsDigest;
    const first = await digest(5, "first");
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(await digest(5, "second")).toBe(first);
    expect(await digest(6, "third")).not.toBe(first);
  });

  it("stops between steps when it is asked to", async () => {
    const { stopped, result, points } = await run({}, "stopped", 3);
    expect({ stopped, result, steps: points.length }).toEqual({ stopped: true, result: undefined, steps: 3 });
  });

  it("fails with the step and the learning rate when the loss is not finite", async () => {
    const diverging = { optimizer: optimizer("sgd", 1e30), maxGradNorm: 0, schedule: { name: "constant" } };
    await expect(run(diverging, "failed")).rejects.toMatchObject({
      code: "NAN_LOSS",
      step: 2,
      message: expect.stringMatching(/step 2, with learning rate 1e\+30/) as string,
    });
  });

  it("counts skipped steps when the job says to skip", async () => {
    const diverging = { optimizer: optimizer("sgd", 1e30), maxGradNorm: 0, schedule: { name: "constant" } };
    const { result, logs, plan } = await run({ ...diverging, epochs: 1, onNan: "SKIP" }, "skipped");
    expect(result?.skippedSteps).toBe(plan.totalSteps - 1);
    expect(logs).toContain("step skipped: the loss or the gradient is not finite");
  });

  it("refuses texts longer than the model has positions", async () => {
    await expect(run({ maxLength: 65 }, "long")).rejects.toThrow("training_job.max_length: is 65; the model has 64 positions");
  });
});
