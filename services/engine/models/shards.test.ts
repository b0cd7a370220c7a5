import { cp, mkdtemp, open, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FaultError } from "#core/fault.js";
import { loadModel } from "./loadModel.js";
import { readFloats, readTensorEntries } from "./modelFiles.js";
import { bytesOf, writeSafetensors } from "./writeSafetensors.js";

const tiny = join(import.meta.dirname, "../../../test/parity/goldens/tiny-bert");
const head = { task: "classification", classes: 2 } as const;
const field = "training_job.model";
const index = "model.safetensors.index.json";

let folder = "";
let tensors: Map<string, { shape: number[]; values: Float32Array<ArrayBuffer> }>;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "stepwire-shards-")), "model");
  await cp(tiny, folder, { recursive: true });
  tensors = await readAll(join(folder, "model.safetensors"));
  await rm(join(folder, "model.safetensors"));
});
afterEach(() => rm(join(folder, ".."), { recursive: true, force: true }));

async function readAll(path: string) {
  const file = await open(path);
  try {
    const { tensors: entries = new Map() } = await readTensorEntries({ file, stats: await file.stat({ bigint: true }) }, field);
    const found = new Map<string, { shape: number[]; values: Float32Array<ArrayBuffer> }>();
    for (const [name, entry] of entries) found.set(name, { shape: entry.shape, values: new Float32Array(await readFloats(file, entry)) });
    return found;
  } finally {
    await file.close();
  }
}

const shardName = (shard: number) => `model-0000${shard + 1}-of-00009.safetensors`;

/** Writes the tensors, each into the shard that `shardOf` says, and an index. */
async function shard(shardOf: (place: number) => number, change: (map: Record<string, unknown>) => unknown = (map) => map): Promise<void> {
  const names = [...tensors.keys()];
  const shards = [...new Set(names.map((_, place) => shardOf(place)))];
  for (const one of shards)
    await writeSafetensors(
      join(folder, shardName(one)),
      names
        .filter((_, place) => shardOf(place) === one)
        .map((name) => {
          const { shape, values } = tensors.get(name) ?? { shape: [], values: new Float32Array() };
          return { name, dtype: "F32" as const, shape, bytes: () => bytesOf(values) };
        }),
      { metadata: { format: "pt" }, shouldStop: () => false },
    );
  const map = Object.fromEntries(names.map((name, place) => [name, shardName(shardOf(place))]));
  await writeFile(join(folder, index), JSON.stringify({ metadata: { total_size: 1 }, weight_map: change(map) }));
}

async function faults(): Promise<string[]> {
  return await loadModel(folder, head, { seed: 0, field }).then(
    ({ parameters }) => {
      parameters.dispose();
      return [];
    },
    (error: unknown) => {
      if (!(error instanceof FaultError)) throw error;
      return error.faults.map(({ reason, description }) => `${reason} ${description}`);
    },
  );
}

describe("a checkpoint in shards", () => {
  it("holds the same parameters however it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 8 }), { minLength: tensors.size, maxLength: tensors.size }), async (places) => {
        await shard((place) => places[place] ?? 0);
        const { parameters, created } = await loadModel(folder, head, { seed: 0, field });
        expect(created).toEqual([]);
        for (const name of parameters.names) expect(parameters.get(name).dataSync(), name).toEqual(tensors.get(name)?.values);
        parameters.dispose();
      }),
      { numRuns: 10 },
    );
  });

  it("is not looked at where the weights are in one file too", async () => {
    await shard((place) => place % 2);
    await cp(join(tiny, "model.safetensors"), join(folder, "model.safetensors"));
    await writeFile(join(folder, index), "nonsense");
    expect(await faults()).toEqual([]);
  });

  it("is refused for a shard that is missing, or cut off, by its name", async () => {
    await shard((place) => place % 3);
    await rm(join(folder, shardName(1)));
    await truncate(join(folder, shardName(2)), 5000);
    await rm(join(folder, "tokenizer.json"));
    const [noTokenizer, noShard, ...cutOff] = await faults();
    expect(noTokenizer).toMatch(/^MISSING_FILE ".*" has no tokenizer.json/);
    expect(noShard).toMatch(/^MISSING_FILE ".*" has no model-00002-of-00009.safetensors, which model.safetensors.index.json names$/);
    expect(cutOff.length).toBeGreaterThan(0);
    for (const fault of cutOff)
      expect(fault).toMatch(/^CORRUPT model-00003-of-00009.safetensors tensor ".*" ends at byte \d+, the file has 5000: it is truncated$/);
  });

  it("is refused where the index, or config.json, says something twice", async () => {
    await shard((place) => place % 2);
    await writeFile(
      join(folder, index),
      '{"weight_map": {"a": "model-1.safetensors", "b": "model-1.safetensors", "a": "model-2.safetensors"}}',
    );
    const config = await readFile(join(folder, "config.json"), "utf8");
    await writeFile(join(folder, "config.json"), config.replace("{", '{"hidden_size": 8,'));
    expect(await faults()).toEqual(['CORRUPT config.json has "hidden_size" twice', 'CORRUPT model.safetensors.index.json has "a" twice']);
  });

  it("is refused for tensors that are not where the index says, and for shapes, with the file's name", async () => {
    const moved = "classifier.bias";
    await shard(
      (place) => place % 2,
      (map) => ({ ...map, [moved]: map[moved] === shardName(0) ? shardName(1) : shardName(0) }),
    );
    const found = await faults();
    expect(found).toEqual([
      expect.stringMatching(
        /^MISSING_TENSOR model-0000\d-of-00009.safetensors does not hold the tensor "classifier.bias", which model.safetensors.index.json says it does$/,
      ),
      expect.stringMatching(
        /^AMBIGUOUS_TENSOR model-0000\d-of-00009.safetensors holds the tensor "classifier.bias", which model.safetensors.index.json says is in model-/,
      ),
    ]);
    tensors.set("classifier.weight", { shape: [2, 31], values: new Float32Array(62) });
    tensors.delete("bert.embeddings.word_embeddings.weight");
    await shard((place) => place % 2);
    expect(await faults()).toEqual([
      expect.stringMatching(
        /^MISSING_TENSOR model.safetensors.index.json: tensor "bert.embeddings.word_embeddings.weight" of shape \[\d+, 32\] is missing$/,
      ),
      expect.stringMatching(
        /^MISSHAPEN_TENSOR model-0000\d-of-00009.safetensors: tensor "classifier.weight" has shape \[2, 31\]; config.json asks for \[2, 32\]$/,
      ),
    ]);
  });

  it.each([
    ["no object", "[1]", "weight_map is not set; allowed: an object that names the file of each tensor"],
    ["no JSON", "{", "is not JSON"],
    [
      "a way out",
      { a: "../model-00001-of-00009.safetensors" },
      'tensor "a" is in "../model-00001-of-00009.safetensors"; allowed: the name of a .safetensors file beside the index',
    ],
    ["no text", { a: 3 }, 'tensor "a" is in 3; allowed: the name of a .safetensors file beside the index'],
    ["nothing", {}, "weight_map is empty; allowed: at least one tensor"],
  ])("is refused for an index with %s", async (_what, map, problem) => {
    await writeFile(join(folder, index), typeof map === "string" ? map : JSON.stringify({ weight_map: map }));
    expect(await faults()).toEqual([expect.stringContaining(problem)]);
  });

  it("may be in half precision: the engine's numbers are the halves exactly", async () => {
    const qwen = join(import.meta.dirname, "../../../test/parity/goldens/tiny-qwen2");
    const header = (await readFile(join(qwen, "model.safetensors"))).subarray(8, 400).toString();
    expect(header).toContain('"BF16"');
    const { parameters } = await loadModel(qwen, { task: "causal_lm" }, { seed: 0, field });
    const bits = new Uint32Array(Float32Array.from(parameters.get("model.norm.weight").dataSync()).buffer);
    expect(bits.every((word) => (word & 0xffff) === 0)).toBe(true);
    parameters.dispose();
  });
});
