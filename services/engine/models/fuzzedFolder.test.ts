import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FaultError } from "#core/fault.js";
import { inspectModel } from "./inspectModel.js";
import { loadModel } from "./loadModel.js";
import { bpe, config, tokenizer, tokenizerConfig, unigram, weights } from "./testdata/tinyModel.js";
import { loadTokenizer } from "./tokenizer.js";
import { processorTimeOf, unitMs } from "../../../test/support/cpuTime.js";

// Whatever is done to the files of a model: it is taken and can be used, or refused by name, and soon.

const field = "training_job.model";
const valid: Record<string, Buffer> = {
  "config.json": Buffer.from(JSON.stringify(config)),
  "tokenizer.json": Buffer.from(JSON.stringify(tokenizer)),
  "tokenizer_config.json": Buffer.from(JSON.stringify(tokenizerConfig)),
  "model.safetensors": weights(),
};

/** A value that stands somewhere in JSON, as it may be spoilt. */
const spoilt: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, true, false, "", 0, -1, 1, 2, 8, 11, 12, 1e9, 2 ** 31, 2 ** 53, 1e308, -1e308, 0.5, [], {}, [[]], "BPE", "Unigram"),
  fc.constantFrom(
    "Sequence",
    "ByteLevel",
    "BertProcessing",
    "(a+)+",
    "[",
    "__proto__",
    "constructor",
    "F16",
    "I64",
    "BF16",
    "x".repeat(5000),
  ),
  fc.double(),
  fc.string(),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>,
);

/** Puts `value` in one place of a JSON value, leaves the place out, or doubles it; `at` says which. */
function change(json: unknown, at: number, how: "put" | "drop" | "double" | "rename", value: unknown): unknown {
  const places: (readonly [holder: Record<string, unknown> | unknown[], key: string])[] = [];
  const copy = structuredClone(json);
  const walk = (holder: unknown): void => {
    if (typeof holder !== "object" || holder === null) return;
    for (const [key, item] of Object.entries(holder)) {
      places.push([holder as Record<string, unknown>, key]);
      walk(item);
    }
  };
  walk(copy);
  const place = places[at % (places.length + 1)];
  if (place === undefined) return value;
  const [holder, key] = place as [Record<string, unknown>, string];
  const old = holder[key];
  if (how === "put") holder[key] = value;
  else if (Array.isArray(holder)) holder.splice(Number(key), how === "drop" ? 1 : 0, ...(how === "drop" ? [] : [old]));
  else {
    if (how !== "double") delete holder[key];
    if (how !== "drop") holder[typeof value === "string" ? value : `${key}2`] = old;
  }
  return copy;
}

const jsonChange = fc.record({ at: fc.nat(10_000), how: fc.constantFrom("put", "drop", "double", "rename"), value: spoilt });
type JsonChange = typeof jsonChange extends fc.Arbitrary<infer T> ? T : never;
const applied = (json: unknown, changes: readonly JsonChange[]): unknown =>
  changes.reduce((now, { at, how, value }) => change(now, at, how, value), json);

const changes = fc.array(jsonChange, { minLength: 1, maxLength: 3 });
const sources = [
  ["config.json", config],
  ["tokenizer.json", tokenizer],
  ["tokenizer.json", unigram],
  ["tokenizer.json", bpe],
  ["tokenizer_config.json", tokenizerConfig],
] as const;
/** One file with its JSON changed. */
const spoiltJson = fc
  .tuple(fc.constantFrom(...sources), changes)
  .map(([[name, json], list]): [string, Buffer] => [name, Buffer.from(JSON.stringify(applied(json, list)) ?? "")]);
const spoiltHeader = changes.map((list): [string, Buffer] => ["model.safetensors", weights((header) => applied(header, list))]);
/** One file with bytes changed, cut off or put in. */
const spoiltBytes = fc
  .record({
    name: fc.constantFrom(...Object.keys(valid)),
    at: fc.nat(100_000),
    cut: fc.nat(200),
    bytes: fc.uint8Array({ maxLength: 20 }),
    end: fc.boolean(),
  })
  .map(({ name, at, cut, bytes, end }): [string, Buffer] => {
    const old = valid[name] ?? Buffer.alloc(0);
    // Half of the time near the start, where headers are.
    const from = at % (at % 2 === 0 ? old.length : Math.min(old.length, 64));
    return [name, Buffer.concat([old.subarray(0, from), bytes, end ? Buffer.alloc(0) : old.subarray(from + cut)])];
  });

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-fuzz-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function put(files: Record<string, Buffer>): Promise<void> {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}

/** Uses a folder as a job would. */
async function use(): Promise<"used"> {
  const { config: found } = await inspectModel(folder, field);
  const model = await loadModel(folder, { task: "classification", classes: 2 }, { seed: 0, field });
  model.parameters.dispose();
  const encode = await loadTokenizer(folder, found.maxPositions, { config: found, field }).catch((error: unknown) => {
    // A model with fewer positions than special tokens is one for very short texts: max_length says so.
    if (error instanceof RangeError && error.message.startsWith("maxLength")) return undefined;
    throw error;
  });
  for (const { ids, types } of encode ? [encode("A new FILMS film-s aaa"), encode("a", "b é"), encode("")] : []) {
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.every((id) => Number.isInteger(id) && id >= 0 && id < found.vocabSize)).toBe(true);
    expect(types.every((type) => Number.isInteger(type) && type >= 0 && type < ("typeVocabSize" in found ? found.typeVocabSize : 1))).toBe(
      true,
    );
  }
  return "used";
}

describe("a model folder that was tampered with", () => {
  it("is fine before", async () => {
    for (const [name, json] of sources) {
      await put({ ...valid, [name]: Buffer.from(JSON.stringify(json)) });
      expect(await use()).toBe("used");
    }
  });

  it.each([
    ["values of its JSON", spoiltJson, 500],
    ["values of its header", spoiltHeader, 200],
    ["bytes", spoiltBytes, 300],
  ] as const)("in %s is used, or refused by name, and soon", async (_, spoiltFile, numRuns) => {
    const outcomes = { used: 0, refused: 0 };
    let longest = 0;
    await fc.assert(
      fc.asyncProperty(spoiltFile, async ([name, content]) => {
        await put({ ...valid, [name]: content });
        const { result: outcome, milliseconds } = await processorTimeOf(() =>
          use().catch((error: unknown) => {
            if (!(error instanceof FaultError)) throw error;
            return error;
          }),
        );
        longest = Math.max(longest, milliseconds);
        if (outcome === "used") return void (outcomes.used += 1);
        outcomes.refused += 1;
        expect(outcome.faults.length).toBeGreaterThan(0);
        expect(outcome.faults.length).toBeLessThanOrEqual(120);
        for (const fault of outcome.faults) {
          expect(fault.field).toBe(field);
          expect(fault.reason).toMatch(/^[A-Z_]+$/);
          expect(fault.description.length).toBeLessThan(600);
          expect(fault.description).not.toContain(folder);
        }
      }),
      { numRuns },
    );
    expect(outcomes.refused).toBeGreaterThan(0);
    expect(longest / unitMs()).toBeLessThan(100);
  });
});
