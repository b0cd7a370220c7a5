import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryUsage } from "node:process";
import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HyperparameterValue, OptimizerSelection } from "#core/jobs/trainingJob.js";
import { optimizers } from "#core/optimizers/catalogue.js";
import { elements } from "#core/optimizers/elements.js";
import { resolveOptimizer } from "#core/optimizers/resolveOptimizer.js";
import { type OptimizerDraft, validateOptimizer } from "#core/optimizers/validateOptimizer.js";
import { gradient, type Point, type ProblemName, sampledGradient, shapeOf, start } from "../../../test/goldens/optimizers/problems.js";
import { weightsDigest } from "../models/weightsDigest.js";
import { createOptimizer } from "../optimizer/createOptimizer.js";
import { SnapshotMismatch } from "../optimizer/optimizerSnapshot.js";
import { createParameterStore } from "../parameterStore.js";
import { tf } from "../tensorflow.js";
import { inspectTrainingState, trainingStateFile } from "./inspectTrainingState.js";
import { type KeptTraining, loadTrainingState, saveTrainingState } from "./trainingState.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-state-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Trained = Exclude<ProblemName, "wide">;
interface Setting {
  draft: OptimizerDraft;
  executor: "native" | "tensor";
  problem: Trained;
}

const adamw: Setting = { draft: { name: "adamw" }, executor: "native", problem: "network" };

function select(draft: OptimizerDraft): OptimizerSelection {
  const { faults, selection } = validateOptimizer(draft, "optimizer");
  expect(faults).toEqual([]);
  return selection;
}

/** A problem that is being trained on; it takes the values of its parameters from `from`. */
function training({ draft, executor, problem }: Setting, from: Readonly<Record<string, ArrayLike<number>>> = start(problem)) {
  const selection = select(draft);
  const parameters = createParameterStore();
  for (const [name, values] of Object.entries(from)) parameters.set(name, Float32Array.from(values), shapeOf(problem, name, values));
  const optimizer = createOptimizer({ optimizer: resolveOptimizer(selection), parameters, executor });
  const values = () => Object.fromEntries(parameters.names.map((name) => [name, Array.from(parameters.get(name).dataSync<"float32">())]));
  const point = (): Point => Object.fromEntries(Object.entries(values()).map(([name, each]) => [name, Float64Array.from(each)]));
  const tensors = (of: Point) =>
    new Map<string, Tensor>(
      Object.entries(of).map(([name, each]) => [name, tf.tensor(Float32Array.from(each), shapeOf(problem, name, each))]),
    );
  const rate = Number(selection.hyperparameters["learning_rate"]);
  return {
    selection,
    parameters,
    optimizer,
    values,
    everything: () => ({ parameters: values(), ...optimizer.snapshot() }),
    evaluated: () => optimizer.atEvaluationPoint(() => Promise.resolve(values())),
    async steps(first: number, last: number) {
      for (let step = first; step <= last; step++) {
        const input = { step, learningRate: rate * 0.97 ** step, gradientScale: step % 3 === 0 ? 0.5 : 1 };
        // Other labels at each step: one gradient again and again would hide what remembers old ones.
        let gradients = tensors(sampledGradient(problem, point(), step));
        if (optimizer.movesGradient) {
          const moved = await optimizer.atGradientPoint(gradients, { ...input, gradientScale: 1 }, () =>
            Promise.resolve(tensors(gradient(problem, point()))),
          );
          tf.dispose([...gradients.values()]);
          gradients = moved;
        }
        const sampled = tensors(sampledGradient(problem, point(), step + 1));
        optimizer.update(gradients, input, sampled);
        tf.dispose([...gradients.values(), ...sampled.values()]);
      }
    },
    dispose() {
      optimizer.dispose();
      parameters.dispose();
    },
  };
}

type Training = ReturnType<typeof training>;

/** Saves the state beside weights that stand for model.safetensors. */
async function save(run: Training, name: string, changes: Partial<KeptTraining> = {}) {
  const { optimizer, parameters, selection } = run;
  const target = await mkdtemp(join(folder, `${name}-`));
  const digest = await optimizer.atEvaluationPoint(() => weightsDigest(parameters));
  await saveTrainingState(target, { optimizer, selection, parameters, step: 7, weightsDigest: digest, ...changes });
  return { target, weights: await run.evaluated() };
}

const load = (target: string, { optimizer, parameters }: Training) =>
  loadTrainingState(target, { optimizer, parameters, field: "training_job.resume_from" });

/** Values with which an element does something in twelve steps. */
const active: Record<string, Record<string, HyperparameterValue>> = {
  stochastic_weight_average: { swa_start: 3, swa_frequency: 2 },
  averaged_iterate: { t0: 4 },
};
const catalogue = optimizers.flatMap(({ name, ablations }) => [name, ...Object.keys(ablations).map((each) => `${name}-without-${each}`)]);
const wrappers = elements.flatMap(({ kind, name }) => (kind === "wrapper" ? [name] : []));
const drafts = [
  ...catalogue.map((name) => ({ label: name, draft: { name } })),
  ...wrappers.map((name) => ({
    label: `adamw in ${name}`,
    draft: { name: "adamw", wrappers: [{ name, hyperparameters: active[name] ?? {} }] },
  })),
];

describe.each(["native", "tensor"] as const)("training with the %s executor goes on bit for bit from a file", (executor) => {
  it.each(drafts.flatMap((each) => (["network", "logistic"] as const).map((problem) => ({ ...each, problem }))))(
    "$label, $problem",
    async ({ draft, problem }) => {
      const before = tf.memory().numTensors;
      const setting = { draft, executor, problem };
      const whole = training(setting);
      await whole.steps(1, 12);

      const first = training(setting);
      await first.steps(1, 7);
      const { target, weights } = await save(first, "kept");
      const second = training(setting, weights);
      expect(await load(target, second)).toEqual({ step: 7 });
      // Nothing is lost on the way, the point of evaluation neither.
      expect(second.everything()).toEqual(first.everything());
      expect(await second.evaluated()).toEqual(weights);
      await second.steps(8, 12);
      expect(second.everything()).toEqual(whole.everything());
      expect(await second.evaluated()).toEqual(await whole.evaluated());

      for (const run of [whole, first, second]) run.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});

describe("the layout that an optimizer says it keeps", () => {
  it.each(drafts)("is what it keeps: $label", ({ draft }) => {
    const run = training({ ...adamw, draft });
    const { optimizer, parameters } = run;
    const states = [...optimizer.state()].map(([key, { shape }]) => [key, shape] as const);
    const wanted = [...optimizer.layout.tensors].filter(([key]) => !key.startsWith("parameters/"));
    expect(new Map(wanted)).toEqual(new Map(states));
    expect(new Set(Object.keys(optimizer.remembered().scalars))).toEqual(optimizer.layout.scalars);
    expect([0, parameters.names.length]).toContain(optimizer.layout.tensors.size - wanted.length);
    run.dispose();
  });
});

describe("a training state", () => {
  it("holds the parameters where the model is evaluated beside them, and the plateau bit for bit", async () => {
    const setting: Setting = { ...adamw, draft: { name: "schedule-free-adamw" } };
    const run = training(setting);
    await run.steps(1, 3);
    const plateau = { factor: 0.1 + 0.2, best: Number.POSITIVE_INFINITY, bad: 1, cooling: 2 };
    const { target, weights } = await save(run, "plateau", { step: 4, plateau });
    const { facts, layout } = await inspectTrainingState(target, "field");
    expect(facts).toMatchObject({ step: 4, plateau, lastStep: { step: 3 }, optimizer: { name: "schedule-free-adamw" } });
    expect(facts.optimizer.hyperparameters).toEqual(run.selection.hyperparameters);
    expect(layout.tensors.get("parameters/hidden.weight")).toEqual([4, 3]);
    expect(weights).not.toEqual(run.values());
    const next = training(setting, weights);
    expect(await load(target, next)).toEqual({ step: 4, plateau });
    expect(next.values()).toEqual(run.values());
    run.dispose();
    next.dispose();
  });

  it("keeps values that are not finite", async () => {
    const run = training(adamw);
    await run.steps(1, 1);
    const { tensors, scalars, lastStep } = run.optimizer.snapshot();
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0];
    tensors.forEach(({ values }) => odd.forEach((value, index) => (values[index] = value)));
    await run.optimizer.restore({ tensors, scalars, ...(lastStep && { lastStep }) });
    const { target, weights } = await save(run, "odd");
    const next = training(adamw, weights);
    await load(target, next);
    expect(next.everything()).toEqual(run.everything());
    expect(Array.from(next.optimizer.snapshot().tensors.get("scale_by_adam.m/hidden.weight")?.values ?? []).slice(0, 4)).toEqual(odd);
    run.dispose();
    next.dispose();
  });
});

describe("a training state that does not fit", () => {
  const refused = async (kept: Setting, wanted: Setting) => {
    const run = training(kept);
    await run.steps(1, 2);
    const { target, weights } = await save(run, "other");
    const other = training(wanted, kept.problem === wanted.problem ? weights : start(wanted.problem));
    const before = other.everything();
    const error = await load(target, other).catch((thrown: unknown) => thrown);
    expect(other.everything()).toEqual(before);
    run.dispose();
    other.dispose();
    if (!(error instanceof SnapshotMismatch)) throw new Error("it fitted, or was refused otherwise", { cause: error });
    return error;
  };

  it("is refused with every state that is missing or surplus, of another optimizer", async () => {
    const { differences, message } = await refused(adamw, { ...adamw, draft: { name: "lion" } });
    expect(differences).toEqual([
      'the state "scale_by_lion.m" is missing for 4 parameters, e.g. "hidden.weight"',
      'the state "scale_by_adam.m" is surplus for 4 parameters, e.g. "hidden.weight"',
      'the state "scale_by_adam.v" is surplus for 4 parameters, e.g. "hidden.weight"',
    ]);
    expect(message).toBe(`the state that "adamw" kept does not fit the optimizer: ${differences.join("; ")}`);
  });

  it("is refused with the numbers that are missing", async () => {
    const { differences } = await refused(adamw, { ...adamw, draft: { name: "prodigy" } });
    expect(differences.filter((each) => each.startsWith("the number"))).not.toEqual([]);
  });

  it("is refused with the parameters of another model", async () => {
    const { differences } = await refused(adamw, { ...adamw, problem: "logistic" });
    expect(differences).toEqual([
      'the state "scale_by_adam.m" is missing for 2 parameters, e.g. "weight"',
      'the state "scale_by_adam.v" is missing for 2 parameters, e.g. "weight"',
      'the state "scale_by_adam.m" is surplus for 4 parameters, e.g. "hidden.weight"',
      'the state "scale_by_adam.v" is surplus for 4 parameters, e.g. "hidden.weight"',
    ]);
  });

  it("is refused with the shapes of another model", async () => {
    const run = training(adamw);
    await run.steps(1, 1);
    const { target, weights } = await save(run, "shape");
    const parameters = createParameterStore();
    for (const [name, values] of Object.entries(weights)) parameters.set(name, Float32Array.from(values), [values.length]);
    const optimizer = createOptimizer({ optimizer: resolveOptimizer(run.selection), parameters, executor: "native" });
    await expect(loadTrainingState(target, { optimizer, parameters, field: "f" })).rejects.toMatchObject({
      differences: ["m", "v"].map(
        (state) => `the state "scale_by_adam.${state}" has another shape for the parameter "hidden.weight": [4, 3] instead of [12]`,
      ),
    });
    optimizer.dispose();
    parameters.dispose();
    run.dispose();
  });
});

describe("a training state's file", () => {
  const spoiled = async (spoil: (path: string) => Promise<void>) => {
    const run = training(adamw);
    await run.steps(1, 2);
    const { target, weights } = await save(run, "spoiled");
    await spoil(join(target, trainingStateFile));
    const next = training(adamw, weights);
    const before = next.everything();
    const error = (await load(target, next).catch((thrown: unknown) => thrown)) as Error;
    expect(next.everything()).toEqual(before);
    run.dispose();
    next.dispose();
    return error.message;
  };
  const edit = (change: (bytes: Buffer<ArrayBuffer>) => Buffer) => async (path: string) => writeFile(path, change(await readFile(path)));
  const replaced = (from: string, to: string) =>
    edit((bytes) => {
      const at = bytes.indexOf(from);
      expect(at).toBeGreaterThan(0);
      expect(to.length).toBe(from.length);
      bytes.write(to, at, "latin1");
      return bytes;
    });

  it.each([
    ["missing", (path: string) => rm(path), '"the checkpoint" has no training_state.safetensors: its training state was not kept'],
    ["empty", (path: string) => truncate(path, 0), "training_state.safetensors has 0 bytes, too few for a safetensors file"],
    ["cut in its header", (path: string) => truncate(path, 100), "training_state.safetensors is truncated: the header needs"],
    ["cut in its tensors", edit((bytes) => bytes.subarray(0, -40)), "it is truncated"],
    ["longer than it was", edit((bytes) => Buffer.concat([bytes, bytes])), "bytes after its last tensor that belong to no tensor"],
    ["changed in one bit of a tensor", edit((bytes) => flip(bytes, bytes.length - 40)), "its bytes are not those that were written"],
    ["changed in its seal", edit((bytes) => flip(bytes, bytes.length - 1)), "its bytes are not those that were written"],
    [
      "changed in a number of its metadata",
      replaced('\\"gradientScale\\":1', '\\"gradientScale\\":2'),
      "its bytes are not those that were written",
    ],
    [
      "of another format",
      replaced("stepwire.training_state", "stepwire.training_other"),
      'has the format "stepwire.training_other"; allowed:',
    ],
    ["of another version", replaced('\\"version\\":1', '\\"version\\":9'), "its state has version 9; allowed: 1"],
    [
      "of another type",
      replaced('"dtype":"F32"', '"dtype":"I32"'),
      '1 of its tensors, e.g. "scale_by_adam.m/hidden.weight", are not of type F32',
    ],
    ["without a seal", replaced('"sha256"', '"sha255"'), 'its last tensor is not "sha256", 32 bytes of type U8'],
  ])("is refused by its name when it is %s", async (_what, spoil, message) => {
    expect(await spoiled(spoil)).toContain(message);
  });

  it("is refused beside other weights", async () => {
    const run = training(adamw);
    await run.steps(1, 2);
    const { target } = await save(run, "weights");
    const next = training(adamw);
    await expect(load(target, next)).rejects.toThrow(
      "training_job.resume_from: training_state.safetensors belongs to other weights than those beside it",
    );
    run.dispose();
    next.dispose();
  });

  it("is refused whichever byte of it changed", async () => {
    const run = training(adamw);
    await run.steps(1, 2);
    const { target, weights } = await save(run, "bytes");
    const path = join(target, trainingStateFile);
    const bytes = await readFile(path);
    const next = training(adamw, weights);
    const before = next.everything();
    for (let at = 0; at < bytes.length; at += 7) {
      await writeFile(path, flip(Buffer.from(bytes), at));
      const error = await load(target, next).catch((thrown: unknown) => thrown);
      expect(error, `byte ${at}`).toBeInstanceOf(Error);
      expect(["FaultError", "SnapshotMismatch"]).toContain((error as Error).name);
    }
    expect(next.everything()).toEqual(before);
    run.dispose();
    next.dispose();
  });

  it("is refused whenever it changes while it is read", async () => {
    const run = training(adamw);
    await run.steps(1, 2);
    const { target, weights } = await save(run, "changing");
    const path = join(target, trainingStateFile);
    const bytes = await readFile(path);
    const { seal, tensors } = await inspectTrainingState(target, "f");
    const last = seal.begin - 1;
    let refused = 0;
    for (let changedAt = 0, asked = 0; changedAt <= asked; changedAt++) {
      await writeFile(path, bytes);
      // The clock of a file may be as coarse as that of the kernel.
      await setTimeout(20);
      const next = training(adamw, weights);
      const { optimizer, parameters } = next;
      asked = 0;
      const shouldStop = () => {
        // Where it is read last: nothing else would tell.
        if (asked++ === changedAt) flipInPlace(path, last);
        return false;
      };
      const error: unknown = await loadTrainingState(target, { optimizer, parameters, field: "f", shouldStop }).catch(
        (thrown: unknown) => thrown,
      );
      next.dispose();
      if (changedAt >= asked) break;
      expect(String(error), `changed when asked the ${changedAt}th time`).toMatch(/changed while it was read|not those that were written/);
      refused += 1;
    }
    expect(refused).toBeGreaterThan(tensors.length);
    run.dispose();
  });

  it("is in memory a tensor at a time while it is put in", async () => {
    const parameters = createParameterStore();
    const [tensorBytes, names] = [4_000_000, Array.from({ length: 8 }, (_, index) => `layer.${index}.weight`)];
    for (const name of names) parameters.set(name, new Float32Array(tensorBytes / 4).fill(0.5), [1000, tensorBytes / 4000]);
    const selection = select({ name: "adamw" });
    const optimizer = createOptimizer({ optimizer: resolveOptimizer(selection), parameters, executor: "native" });
    const target = await mkdtemp(join(folder, "large-"));
    const digest = await weightsDigest(parameters);
    await saveTrainingState(target, { optimizer, selection, parameters, step: 1, weightsDigest: digest });

    setFlagsFromString("--expose_gc");
    const collect = runInNewContext("gc") as () => void;
    const held = () => {
      collect();
      return memoryUsage().arrayBuffers;
    };
    const before = held();
    const each: number[] = [];
    const shouldStop = () => {
      each.push(held() - before);
      return false;
    };
    await loadTrainingState(target, { optimizer, parameters, field: "f", shouldStop });
    expect(each.length).toBeGreaterThan(2 * names.length);
    // Of 64 MB; a piece of the file is 16.
    expect(Math.max(...each)).toBeLessThan(20_000_000);
    expect(Math.max(...each.slice(-8))).toBeLessThan(2.5 * tensorBytes);
    optimizer.dispose();
    parameters.dispose();
  });

  it("stops being read when it is asked to", async () => {
    const run = training(adamw);
    const { target } = await save(run, "stopped");
    const { optimizer, parameters } = run;
    const stopping = loadTrainingState(target, { optimizer, parameters, field: "f", shouldStop: () => true });
    await expect(stopping).rejects.toMatchObject({ name: "Cancelled" });
    run.dispose();
  });
});

function flip(bytes: Buffer<ArrayBuffer>, at: number): Buffer<ArrayBuffer> {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

function flipInPlace(path: string, at: number): void {
  const file = openSync(path, "r+");
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, at);
  writeSync(file, flip(byte, 0), 0, 1, at);
  closeSync(file);
}
