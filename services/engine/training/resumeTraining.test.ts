import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Example } from "#core/datasets/example.js";
import { completeSpec, type TrainingJobDraft } from "#core/jobs/completeSpec.js";
import { planTraining } from "#core/training/planTraining.js";
import { tf } from "../tensorflow.js";
import { inspectTrainingState, trainingStateFile } from "./inspectTrainingState.js";
import { type EnginePoint, train } from "./train.js";

const tinyBert = fileURLToPath(new URL("../../../test/parity/goldens/tiny-bert", import.meta.url));
const rows: Example[] = ["film", "movie", "plot", "story", "cast", "heart", "town"].flatMap((noun) => [
  { text: `a good ${noun}`, label: 1 },
  { text: `great ${noun} !`, label: 1 },
  { text: `a bad ${noun}`, label: 0 },
  { text: `thin ${noun} , not good`, label: 0 },
]);

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-resume-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Trains up to a step, from the model or from a checkpoint with the steps that were done. */
async function run(name: string, maxSteps: number, draft: TrainingJobDraft, from?: { checkpoint: string; step: number }) {
  const { spec, faults } = completeSpec({
    dataset: { id: "toy" },
    // A warm-up that is a share of all steps would differ between the two.
    schedule: { name: "constant", warmupSteps: 2 },
    batchSize: 8,
    microBatchTokens: 40,
    maxLength: 16,
    evaluateEvery: 3,
    seed: 3,
    maxSteps,
    keepTrainingState: true,
    ...draft,
  });
  expect(faults).toEqual([]);
  if (!spec) throw new Error("the spec has faults");
  const plan = planTraining({
    spec,
    trainRows: rows.length,
    validationRows: rows.length,
    tokenLengths: [],
    head: { task: "classification", classes: 2 },
    ...(from && { firstStep: from.step + 1 }),
  });
  const points: EnginePoint[] = [];
  const checkpointFolder = await mkdtemp(join(folder, `${name}-`));
  const { result } = await train(
    {
      spec,
      plan,
      modelFolder: from?.checkpoint ?? tinyBert,
      train: rows,
      validation: rows,
      dataset: { id: "d", digest: "0" },
      classes: ["bad", "good"],
      checkpointFolder,
      writeFolder: (target, write) => write(target),
    },
    { onStep: (point) => points.push(point), onEvaluation: (point) => points.push(point), onLog: () => undefined, shouldStop: () => false },
  );
  if (!result) throw new Error("the training stopped");
  // What a run says of itself and not of its machine's speed.
  const told = points.map(({ stepSeconds: _seconds, tokensPerSecond: _speed, ...point }) => ({ ...point, totalSteps: 0 }));
  return { result, points: told, checkpoint: checkpointFolder };
}

const wrapped = (name: string, hyperparameters = {}): TrainingJobDraft => ({
  optimizer: { name: "adamw", wrappers: [{ name, hyperparameters }] },
});

describe("a training that goes on", () => {
  it.each([
    ["adamw", { optimizer: { name: "adamw" } }],
    ["prodigy", { optimizer: { name: "prodigy" } }],
    ["sophia-g, which draws labels", { optimizer: { name: "sophia-g" } }],
    ["schedule-free-adamw, which evaluates elsewhere", { optimizer: { name: "schedule-free-adamw" } }],
    ["integrated, with a moving average", { optimizer: { name: "integrated" } }],
    ["sharpness-aware", wrapped("sharpness_aware")],
    ["lookahead", wrapped("lookahead", { lookahead_steps: 5 })],
    [
      "a plateau that has been reached",
      {
        optimizer: { name: "adamw" },
        schedule: { name: "reduce_on_plateau", warmupSteps: 2, options: { patience: 0, threshold: 10, threshold_mode: "absolute" } },
      },
    ],
  ] satisfies [string, TrainingJobDraft][])("takes the steps of one that never stopped: %s", async (_what, draft) => {
    const before = tf.memory().numTensors;
    const whole = await run("whole", 12, draft);
    const first = await run("first", 6, draft);
    const second = await run("second", 12, draft, { checkpoint: first.checkpoint, step: 6 });
    expect(second.points).toEqual(whole.points.filter(({ step }) => step > 6));
    expect(second.result.weightsDigest).toBe(whole.result.weightsDigest);
    expect(second.result.weightsDigest).not.toBe(first.result.weightsDigest);
    expect(second.result).toMatchObject({ steps: 12, validationLoss: whole.result.validationLoss });
    expect(first.result.tokens + second.result.tokens).toBe(whole.result.tokens);
    // What it keeps in its turn is the same, too, but for the number of the step.
    const [kept, expected] = await Promise.all([second, whole].map(({ checkpoint }) => inspectTrainingState(checkpoint, "f")));
    expect(kept?.facts).toEqual(expected?.facts);
    expect(tf.memory().numTensors - before).toBeLessThan(20);
  });

  it("keeps nothing unless it was asked to", async () => {
    const { checkpoint } = await run("none", 2, { keepTrainingState: false, optimizer: { name: "adamw" } });
    expect(await readdir(checkpoint)).not.toContain(trainingStateFile);
  });
});

describe("a training that cannot go on", () => {
  const adamw: TrainingJobDraft = { optimizer: { name: "adamw" } };

  it("says what does not fit another optimizer", async () => {
    const { checkpoint } = await run("adamw", 2, adamw);
    const failing = run("lion", 3, { optimizer: { name: "lion" } }, { checkpoint, step: 2 });
    await expect(failing).rejects.toThrow(
      /^training_job\.resume_from: the state that "adamw" kept does not fit the optimizer: the state "scale_by_lion\.m" is missing for \d+ parameters, e\.g\. "bert\.embeddings\.word_embeddings\.weight"; the state "scale_by_adam\.m" is surplus/,
    );
  });

  it("says which step was kept, when that is not the one before its first", async () => {
    const { checkpoint } = await run("steps", 2, adamw);
    await expect(run("other", 9, adamw, { checkpoint, step: 5 })).rejects.toThrow(
      "training_job.resume_from: the training state is that after step 2; allowed: after step 5",
    );
  });

  it("does not take the weights of another checkpoint", async () => {
    const [one, two] = [await run("one", 2, adamw), await run("two", 2, { ...adamw, seed: 4 })];
    await cp(join(one.checkpoint, trainingStateFile), join(two.checkpoint, trainingStateFile));
    await expect(run("mixed", 3, adamw, { checkpoint: two.checkpoint, step: 2 })).rejects.toThrow("belongs to other weights");
  });
});
