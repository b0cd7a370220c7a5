import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type * as catalogueModule from "#core/optimizers/catalogue.js";
import { compileChain } from "#core/optimizers/compileChain.js";
import { parameterGroups } from "#core/optimizers/parameterGroups.js";
import { referenceOptimizer } from "#core/optimizers/referenceExecutor.js";
import type * as resolveOptimizerModule from "#core/optimizers/resolveOptimizer.js";
import type * as validateOptimizerModule from "#core/optimizers/validateOptimizer.js";
import { createOptimizer } from "#engine/optimizer/createOptimizer.js";
import { createParameterStore } from "#engine/parameterStore.js";
import { tf } from "#engine/tensorflow.js";
import { repositoryRoot } from "#local/repositoryRoot.js";

// "Add an optimizer" of CONTRIBUTING.md, done: its file and its line go into a copy of core, which is compiled as ours is.

/** By hand: the mean of gradients with momentum .9 is (.3, .4), of length .5, and then (.8, .6), of length 1. The learning rate is .1. */
const steps = [
  { gradient: { a: 3, b: 4 }, becomes: { a: 1 - 0.1 * 0.6, b: 2 - 0.1 * 0.8 }, length: 0.5 },
  { gradient: { a: 5.3, b: 2.4 }, becomes: { a: 0.94 - 0.1 * 0.8, b: 1.92 - 0.1 * 0.6 }, length: 1 },
];
const start = { a: 1, b: 2 };

const copy = mkdtempSync(join(tmpdir(), "stepwire-contributing-"));
afterAll(() => rmSync(copy, { recursive: true }));

/** The blocks of code of the section, by the path in their first line. */
function blocks(): [path: string, code: string][] {
  const [, section = ""] = readFileSync(join(repositoryRoot, "CONTRIBUTING.md"), "utf8").split("## Add an optimizer\n");
  const [own = ""] = section.split("\n## ");
  return [...own.matchAll(/```ts\n\/\/ (\S+)\n([^]*?)```/g)].map(([, path = "", code = ""]) => [path, code]);
}

async function build() {
  cpSync(join(repositoryRoot, "services/core"), join(copy, "services/core"), {
    recursive: true,
    filter: (path) => !path.endsWith(".test.ts") && !path.endsWith("testdata"),
  });
  symlinkSync(join(repositoryRoot, "node_modules"), join(copy, "node_modules"));
  const [file, line, ...more] = blocks();
  if (!file || !line || more.length > 0) expect.fail("the section must have one file and one line");
  writeFileSync(join(copy, file[0]), file[1], { flag: "wx" });
  appendFileSync(join(copy, line[0]), line[1]);
  writeFileSync(join(copy, "package.json"), JSON.stringify({ type: "module" }));
  const options = { rootDir: ".", outDir: "dist" };
  writeFileSync(
    join(copy, "tsconfig.json"),
    JSON.stringify({ extends: join(repositoryRoot, "tsconfig.base.json"), compilerOptions: options, include: ["services/**/*.ts"] }),
  );
  execFileSync(join(repositoryRoot, "node_modules/.bin/tsc"), ["-p", copy], { stdio: "inherit" });
  const load = async (name: string): Promise<unknown> =>
    import(/* @vite-ignore */ pathToFileURL(join(copy, "dist/services/core/optimizers", name)).href);
  const { findOptimizer } = (await load("catalogue.js")) as typeof catalogueModule;
  const { validateOptimizer } = (await load("validateOptimizer.js")) as typeof validateOptimizerModule;
  const { resolveOptimizer } = (await load("resolveOptimizer.js")) as typeof resolveOptimizerModule;
  return { lines: line[1].trim().split("\n"), findOptimizer, validateOptimizer, resolveOptimizer };
}

let built: Awaited<ReturnType<typeof build>>;
beforeAll(async () => {
  built = await build();
});

/** With its defaults, as a job would have it. */
function chosen() {
  const { faults, selection } = built.validateOptimizer({ name: "normalized-sgd" }, "optimizer");
  expect(faults).toEqual([]);
  return built.resolveOptimizer(selection);
}

describe("the optimizer that CONTRIBUTING.md adds", () => {
  test("takes one line, and is in the catalogue then", () => {
    expect(built.lines).toHaveLength(1);
    const entry = built.findOptimizer("normalized-sgd") ?? expect.fail("it is not there");
    expect(entry.chainNames).toEqual(["scale_by_norm", "add_decayed_weights", "scale_by_learning_rate"]);
    expect(entry.hyperparameters.map(({ name, default: value }) => [name, value])).toEqual([
      ["learning_rate", 0.1],
      ["momentum", 0.9],
      ["weight_decay", 0],
    ]);
    expect(entry.stateSize).toBe(1);
  });

  test("has its hyperparameters checked", () => {
    const draft = { name: "normalized-sgd", hyperparameters: { momentum: 1, decay: 0.1 } };
    expect(built.validateOptimizer(draft, "optimizer").faults.map(({ field, reason }) => [field, reason])).toEqual([
      ["optimizer.hyperparameters.momentum", "OUT_OF_RANGE"],
      ["optimizer.hyperparameters.decay", "UNKNOWN_HYPERPARAMETER"],
    ]);
  });

  test("takes the steps of its formula in the float64 reference", () => {
    const { chain, hyperparameters } = chosen();
    const shapes = Object.keys(start).map((name) => ({ name, shape: [1] }));
    const scalars = parameterGroups(shapes);
    const parameters = shapes.flatMap(({ name, shape }, index) => {
      const own = scalars[index];
      return own ? [{ name, shape, values: Float64Array.of(start[name as "a" | "b"]), scalars: own }] : [];
    });
    const optimizer = referenceOptimizer(compileChain(chain, hyperparameters), parameters);
    const take = (a: number, b: number, step: number) =>
      optimizer.update(
        { a: Float64Array.of(a), b: Float64Array.of(b) },
        { learningRate: 0.1, baseLearningRate: 0.1, step, gradientScale: 1 },
      );
    expect(take(0, 0, 1).updateNorm).toBe(0);
    steps.forEach(({ gradient, becomes, length }, index) => {
      const report = take(gradient.a, gradient.b, index + 2);
      expect(report.scalars["momentum_norm"]).toBeCloseTo(length, 12);
      expect(report.updateNorm).toBeCloseTo(0.1, 12);
      parameters.forEach(({ name, values }) => expect(values[0]).toBeCloseTo(becomes[name as "a" | "b"], 12));
    });
    expect([...optimizer.states].map(([key, values]) => [key, Math.round((values[0] ?? 0) * 1e12) / 1e12])).toEqual([
      ["scale_by_norm.m/a", 0.8],
      ["scale_by_norm.m/b", 0.6],
    ]);
  });

  test.each(["native", "tensor"] as const)("takes them on the %s executor, too", (executor) => {
    const parameters = createParameterStore();
    for (const [name, value] of Object.entries(start)) parameters.set(name, Float32Array.of(value), [1]);
    const optimizer = createOptimizer({ optimizer: chosen(), parameters, executor });
    steps.forEach(({ gradient, becomes }, index) => {
      const gradients = new Map<string, Tensor>(Object.entries(gradient).map(([name, value]) => [name, tf.tensor1d([value])]));
      optimizer.update(gradients, { learningRate: 0.1, step: index + 1, gradientScale: 1 });
      for (const [name, value] of Object.entries(becomes)) expect(parameters.get(name).dataSync<"float32">()[0]).toBeCloseTo(value, 6);
      tf.dispose([...gradients.values()]);
    });
    optimizer.dispose();
    parameters.dispose();
  });
});
