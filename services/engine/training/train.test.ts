import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
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
import { inspectModel } from "../models/inspectModel.js";
import { loadModel } from "../models/loadModel.js";
import { loadTokenizer } from "../models/tokenizer.js";
import { predict } from "../prediction/predict.js";
import { tf } from "../tensorflow.js";
import { type EnginePoint, train, type TrainInput } from "./train.js";
import { mainThreadMs, unitMs } from "../../../test/support/cpuTime.js";

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

/** An optimizer with the catalogue's defaults; the learning rate may be one that the catalogue refuses. */
function optimizer(name: string, learningRate: number): TrainingSpec["optimizer"] {
  const { hyperparameters } = validateOptimizer({ name }, "optimizer").selection;
  return { name, hyperparameters: { ...hyperparameters, learning_rate: learningRate } };
}

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-train-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const writeFolder: TrainInput["writeFolder"] = (target, write) => write(target);

interface RunOptions {
  shouldStop?: (points: readonly EnginePoint[]) => boolean;
  from?: string;
  train?: Example[];
  validation?: Example[];
}

async function run(changes: Partial<TrainingSpec>, name: string, options: RunOptions = {}) {
  const { shouldStop = () => false, from = modelFolder, train: trainRows = rows, validation = rows } = options;
  const points: EnginePoint[] = [];
  const logs: string[] = [];
  const used = { ...spec, ...changes };
  const plan = planTraining({
    spec: used,
    trainRows: trainRows.length,
    validationRows: validation.length,
    tokenLengths: [],
    head: { task: "classification", classes: 2 },
  });
  const checkpointFolder = join(folder, name);
  const input = {
    spec: used,
    plan,
    modelFolder: from,
    train: trainRows,
    validation,
    dataset: { id: "d", digest: "0" },
    classes: ["bad", "good"],
    checkpointFolder,
    writeFolder,
  };
  const outcome = await train(input, {
    onStep: (point) => points.push(point),
    onEvaluation: (point) => points.push(point),
    onLog: (_level, message) => logs.push(message),
    shouldStop: () => shouldStop(points),
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
    for (const digest of Object.values(result?.origin ?? { none: "" })) expect(digest).toMatch(/^[0-9a-f]{64}$/);
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
    const { stopped, result, points } = await run({}, "stopped", { shouldStop: (seen) => seen.length >= 3 });
    expect({ stopped, result, steps: points.length }).toEqual({ stopped: true, result: undefined, steps: 3 });
  });

  it("fails with the step, the learning rate and what was found when the loss is not finite", async () => {
    const diverging = { optimizer: optimizer("sgd", 1e30), maxGradNorm: 0, schedule: { name: "constant" } };
    await expect(run(diverging, "failed")).rejects.toMatchObject({
      code: "NAN_LOSS",
      step: 2,
      message: expect.stringMatching(
        /^at step 2, with learning rate 1e\+30, the loss is NaN; every parameter is finite. To try: a lower learning_rate/,
      ) as string,
    });
  });

  it.each(["FAIL", "SKIP"] as const)(
    "fails with the parameter's name when an update destroyed it, for nothing can mend it (on_nan %s)",
    async (onNan) => {
      const destroying = { optimizer: optimizer("sgd", 3e38), maxGradNorm: 1e6, schedule: { name: "constant" }, onNan };
      const { hyperparameters, name } = destroying.optimizer;
      const failing = run({ ...destroying, optimizer: { name, hyperparameters: { ...hyperparameters, weight_decay: 1e6 } } }, "destroyed");
      await expect(failing).rejects.toMatchObject({
        code: "NAN_PARAMETER",
        step: 1,
        message: expect.stringMatching(
          /^at step 1, with learning rate 3e\+38, the loss is [\d.]+ and the gradient finite, but after the update parameters are not: \d+ of \d+ values of "bert\..+", and values of \d+ more\. To try: /,
        ) as string,
      });
    },
  );

  it("blames no learning rate for what is not finite before any update", async () => {
    const huge = join(folder, "huge");
    await cp(modelFolder, huge, { recursive: true });
    const path = join(huge, "model.safetensors");
    const bytes = await readFile(path);
    const { tensors } = await inspectModel(huge, "model");
    const { begin, end } = tensors.get("bert.pooler.dense.weight") ?? { begin: 0, end: 0 };
    // Finite, and more than a matrix product can sum.
    for (let at = begin; at < end; at += 4) bytes.writeFloatLE(at % 8 === 0 ? 3e38 : -3e38, at);
    await writeFile(path, bytes);
    const failing = run({}, "huge-trained", { from: huge });
    await expect(failing).rejects.toMatchObject({
      step: 1,
      message: expect.stringMatching(/No update was made yet, so learning rate and optimizer are not the cause/) as string,
    });
    // Skipping all steps would give out the model as it was as one that was trained.
    const skipping = run({ maxSteps: 3, onNan: "SKIP" }, "huge-skipped", { from: huge });
    await expect(skipping).rejects.toMatchObject({ code: "NAN_LOSS", step: 3 });
  });

  it("names the wrapper that moves the gradient's point before any update", async () => {
    const { selection, faults } = validateOptimizer(
      { name: "sgd", wrappers: [{ name: "sharpness_aware", hyperparameters: { sam_rho: 3e38 } }] },
      "optimizer",
    );
    expect(faults).toEqual([]);
    await expect(run({ optimizer: selection, maxGradNorm: 0 }, "moved")).rejects.toMatchObject({
      code: "NAN_GRADIENT",
      step: 1,
      message: expect.stringContaining("the gradient was taken beside the parameters. To try: a smaller sam_rho or asam_rho") as string,
    });
  });

  it.each(["a text", "a micro-batch", "a validation batch", "the weights"])("stops soon in the middle of many: after %s", async (place) => {
    const many = Array.from({ length: place === "a text" ? 300_000 : 20_000 }, (_, index) => rows[index % rows.length] as Example);
    const changes =
      {
        "a text": { validation: many },
        "a micro-batch": { train: many, changes: { batchSize: 20_000, microBatchTokens: 64 } },
        "a validation batch": { validation: many, changes: { evaluateEvery: 1, microBatchTokens: 64 } },
        "the weights": { changes: { epochs: 1, evaluateEvery: 0 } },
      }[place] ?? {};
    const before = tf.memory().numTensors;
    let asked = 0;
    const moments = [mainThreadMs()];
    const shouldStop = (points: readonly EnginePoint[]) => {
      moments.push(mainThreadMs());
      // Some time in: what was asked for at once would be seen before the work began.
      if (place === "the weights") return points.some(({ kind }) => kind === "EVALUATION");
      return ++asked > 6;
    };
    const { stopped, result } = await run(changes.changes ?? {}, `stopped-${place}`, { ...changes, shouldStop });
    expect({ stopped, result }).toEqual({ stopped: true, result: undefined });
    // Between two questions it computes for less than a second (of a processor of 2024), and after the last one, too.
    moments.push(mainThreadMs());
    const gaps = moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0));
    expect(Math.max(...gaps) / unitMs()).toBeLessThan(50);
    expect(tf.memory().numTensors - before).toBeLessThan(20);
  });

  it("counts skipped steps when the job says to skip", async () => {
    const diverging = { optimizer: optimizer("sgd", 1e30), maxGradNorm: 0, schedule: { name: "constant" } };
    const { result, logs, plan } = await run({ ...diverging, epochs: 1, onNan: "SKIP" }, "skipped");
    expect(result?.skippedSteps).toBe(plan.totalSteps - 1);
    expect(logs).toContain("step skipped: the loss or the gradient is not finite");
  });

  it("does not count skipped steps where means are corrected for their start", async () => {
    const huge = join(folder, "one-huge-token");
    await cp(modelFolder, huge, { recursive: true });
    const path = join(huge, "model.safetensors");
    const bytes = await readFile(path);
    const { tensors, config } = await inspectModel(huge, "model");
    const [, z = 0] = (await loadTokenizer(modelFolder, 16))("z").ids;
    const { begin } = tensors.get("bert.embeddings.word_embeddings.weight") ?? { begin: 0 };
    // Their sum is no float32 number, so a step with this token is skipped; their norm is one.
    for (let at = 0; at < config.hiddenSize; at++) bytes.writeFloatLE(3e37, begin + 4 * (z * config.hiddenSize + at));
    await writeFile(path, bytes);
    const { selection, faults } = validateOptimizer(
      {
        name: "adamw",
        hyperparameters: { learning_rate: 1e-4, weight_decay: 0 },
        wrappers: [{ name: "exponential_moving_average", hyperparameters: { ema_decay: 0.9 } }],
      },
      "optimizer",
    );
    expect(faults).toEqual([]);
    const train = [...rows.slice(0, 4), { text: "z", label: 1 }];
    const changes = { optimizer: selection, epochs: 1, batchSize: 1, onNan: "SKIP" as const, evaluateEvery: 1 };
    const { result, checkpointFolder, points } = await run(changes, "average", { from: huge, train });
    expect(result?.skippedSteps).toBe(1);
    expect(points.every(({ kind, loss }) => kind === "TRAIN" || Number.isFinite(loss))).toBe(true);
    const saved = await loadModel(checkpointFolder, undefined, { seed: 0, field: "model" });
    const before = await loadModel(huge, { task: "classification", classes: 2 }, { seed: 0, field: "model" });
    // The average of weights that hardly moved is as large as they are.
    for (const name of ["bert.embeddings.LayerNorm.weight", "bert.encoder.layer.1.output.dense.weight"]) {
      const [now, then] = [saved, before].map(({ parameters }) => tf.norm(parameters.get(name)).dataSync()[0] as number);
      expect((now ?? 0) / (then ?? 0), name).toBeCloseTo(1, 2);
    }
    saved.parameters.dispose();
    before.parameters.dispose();
  });

  it("names every row that no token is left of before the first step", async () => {
    const dropping = join(folder, "dropping");
    await cp(fileURLToPath(new URL("../../../test/parity/goldens/tiny-gpt2", import.meta.url)), dropping, { recursive: true });
    const path = join(dropping, "tokenizer.json");
    const json = JSON.parse(await readFile(path, "utf8")) as object;
    await writeFile(path, JSON.stringify({ ...json, normalizer: { type: "Replace", pattern: { String: "x" }, content: "" } }));
    const train = [...rows, { text: "xx", label: 1 }];
    const points: EnginePoint[][] = [];
    const shouldStop = (seen: readonly EnginePoint[]) => points.push([...seen]) < 0;
    const failed = run({ batchSize: 1 }, "no-token", {
      from: dropping,
      train,
      validation: [rows[0] as Example, { text: "x", label: 0 }],
      shouldStop,
    });
    await expect(failed).rejects.toThrow(
      /^training_job\.dataset: row 2 of those to validate on, "x" becomes no token.*\ntraining_job\.dataset: row 29 of those to train on, "xx"/,
    );
    expect(points.flat()).toEqual([]);
  });

  it("refuses texts longer than the model has positions", async () => {
    await expect(run({ maxLength: 65 }, "long")).rejects.toThrow("training_job.max_length: is 65; the model has 64 positions");
  });
});
