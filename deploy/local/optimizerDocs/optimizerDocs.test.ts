import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findOptimizer, optimizers } from "#core/optimizers/catalogue.js";
import { elements } from "#core/optimizers/elements.js";
import { validateOptimizer } from "#core/optimizers/validateOptimizer.js";
import { repositoryRoot } from "../repositoryRoot.js";
import { customChain } from "./customChainExample.js";
import { origins } from "./learningRateOrigins.js";
import { parsePilot } from "./pilot.js";
import { renderOptimizerDocs } from "./renderOptimizerDocs.js";
import { miniLmParameters, stateMemory } from "./stateMemory.js";

const folder = join(repositoryRoot, "docs/optimizers");
const pilot = readFileSync(join(folder, "pilot.jsonl"), "utf8");
const pages = renderOptimizerDocs(pilot);
const entry = (name: string) => findOptimizer(name) ?? expect.fail(`there is no ${name}`);

describe("docs/optimizers", () => {
  test("holds what the catalogue gives: after a change, run npm run docs:optimizers", () => {
    const files = readdirSync(folder).filter((file) => file.endsWith(".md"));
    expect(files.toSorted()).toEqual([...pages.keys()].toSorted());
    const drifted = files.filter((file) => readFileSync(join(folder, file), "utf8") !== pages.get(file));
    expect(drifted).toEqual([]);
  });

  test("names every optimizer once in the overview, and every element once", () => {
    const count = (text: string, part: string) => text.split(part).length - 1;
    for (const { name } of optimizers) expect(count(pages.get("README.md") ?? "", `| [${name}](`), name).toBe(1);
    for (const { name } of elements) expect(count(pages.get("elements.md") ?? "", `### ${name}\n`), name).toBe(1);
  });

  test("has no link to a page or a heading that is not there", () => {
    const links = [...pages].flatMap(([file, text]) =>
      [...text.matchAll(/\]\(((?!https:)[^)#]*)(?:#([^)]+))?\)/g)].map(([, target = "", heading]) => ({ file, target, heading })),
    );
    const broken = links.filter(({ target, heading }) => {
      const path = join(folder, target);
      return !existsSync(path) || (heading && !readFileSync(path, "utf8").split("\n").includes(`### ${heading}`));
    });
    expect(broken).toEqual([]);
    expect(links.length).toBeGreaterThan(4 * optimizers.length);
  });

  test("shows examples that the service takes", () => {
    for (const [file, text] of pages) {
      const name = / --optimizer (\S+)/.exec(text.replaceAll(/\s+/g, " "))?.[1];
      if (name === undefined) continue;
      const example = text.slice(text.indexOf("stepwire train"));
      const flags = [...example.matchAll(/--(learning-rate|weight-decay|momentum) (\S+)/g)].map(([, flag = "", value]) => [
        flag.replaceAll("-", "_"),
        Number(value),
      ]);
      const more = [...example.matchAll(/--hyperparameter (\w+)=(\S+)/g)].map(([, key, value]) => [key, value]);
      const hyperparameters = Object.fromEntries([...flags, ...more]) as Record<string, unknown>;
      expect(validateOptimizer({ name, hyperparameters }, "optimizer").faults, file).toEqual([]);
    }
    const { chain, wrappers, groups } = customChain;
    expect(validateOptimizer({ name: customChain.name, chain, wrappers, groups }, "optimizer").faults).toEqual([]);
  });

  test("names only optimizers that exist where it says where defaults and measurements come from", () => {
    expect(Object.keys(origins).filter((name) => !findOptimizer(name))).toEqual([]);
    expect(parsePilot(pilot).filter(({ optimizer }) => !findOptimizer(optimizer))).toEqual([]);
    for (const { optimizer, hyperparameters } of parsePilot(pilot))
      expect(validateOptimizer({ name: optimizer, ...(hyperparameters && { hyperparameters }) }, "optimizer").faults).toEqual([]);
  });
});

describe("the memory of a state", () => {
  test("is counted over MiniLM's parameters, 4 bytes a number", () => {
    expect(miniLmParameters).toHaveLength(105);
    expect(stateMemory(entry("adamw"))).toBeCloseTo((2 * 4 * 22_713_986) / 2 ** 20, 9);
    expect(stateMemory(entry("integrated-without-ema"))).toBeCloseTo((2 * 4 * 22_713_986) / 2 ** 20, 9);
  });

  test("of Adafactor is one number for each row and column of a matrix and for each element of a vector", () => {
    const numbers = miniLmParameters.map(({ shape: [rows = 1, columns = 0] }) => rows + columns);
    expect(stateMemory(entry("adafactor"))).toBeCloseTo((4 * numbers.reduce((sum, each) => sum + each, 0)) / 2 ** 20, 9);
  });

  test("of Muon is the momentum of hidden matrices, and Adam's two means of the rest", () => {
    // Six layers of four 384 x 384 and two 384 x 1536 matrices, and the pooler's.
    const hidden = 6 * (4 * 384 * 384 + 2 * 384 * 1536) + 384 * 384;
    expect(stateMemory(entry("muon"))).toBeCloseTo((4 * (hidden + 2 * (22_713_986 - hidden))) / 2 ** 20, 9);
  });
});

describe("pilot.jsonl", () => {
  test("is refused with every faulty line named", () => {
    const line = (run: object) =>
      `${JSON.stringify({ pilot: "200-steps", optimizer: "sgd", learningRate: 1, accuracy: 0.5, examples: 1, steps: 1, ...run })}\n`;
    expect(parsePilot(line({}) + line({ accuracy: null }))).toHaveLength(2);
    expect(() => parsePilot(line({ pilot: "none" }) + line({}) + line({ accuracy: 82 }) + line({ steps: 0 }))).toThrow(
      'pilot.jsonl: line 1: there is no pilot "none"; line 3: accuracy is 82; allowed: 0 to 1, or null where training diverged; line 4: learningRate, examples and steps must be numbers above 0',
    );
  });
});
