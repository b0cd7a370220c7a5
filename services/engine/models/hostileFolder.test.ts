import { execFileSync } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Fault, FaultError } from "#core/fault.js";
import { inspectModel } from "./inspectModel.js";
import { loadModel } from "./loadModel.js";
import type { ModelFolder } from "./modelFolder.js";
import { saveModel } from "./saveModel.js";
import { loadTokenizer } from "./tokenizer.js";
import { costOf } from "../../../test/support/cpuTime.js";

const tiny = fileURLToPath(new URL("../../../test/parity/goldens/tiny-bert", import.meta.url));
const field = "training_job.model";
const files = ["config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"];

let base: string;
let model: ModelFolder;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "stepwire-hostile-"));
  const root = join(base, "root");
  model = { folder: join(root, "model"), roots: [root], name: "/asked/for" };
  await cp(tiny, model.folder, { recursive: true });
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function faultsOf(work: () => Promise<unknown> = () => inspectModel(model, field)): Promise<readonly Fault[]> {
  const error = await work().then(
    () => new FaultError([]),
    (reason: unknown) => reason,
  );
  if (!(error instanceof FaultError)) throw error;
  for (const { description, field } of error.faults) {
    expect(field).toBe("training_job.model");
    // Nothing of this machine but what the caller said.
    expect(description).not.toContain(base);
    expect(description).not.toContain("secret");
    expect(description.length).toBeLessThan(600);
  }
  return error.faults;
}

const rewrite = async (name: string, change: (json: Record<string, unknown>) => unknown) => {
  const path = join(model.folder, name);
  await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>)));
};

describe("files that are not what they should be", () => {
  it.each(files)("%s may not be a link out of the allowed folders, and what it leads to is not told", async (name) => {
    const outside = join(base, "outside");
    await writeFile(outside, "secret: 12345");
    await rm(join(model.folder, name));
    await symlink(outside, join(model.folder, name));
    expect(await faultsOf()).toMatchObject([
      {
        reason: "OUTSIDE_ALLOWED_ROOTS",
        description: `${name} of "/asked/for" is a link that leads out of the folders this server may read`,
      },
    ]);
    // Whether there is anything is not told either.
    await rm(outside);
    await mkdir(outside);
    expect(await faultsOf()).toMatchObject([{ reason: "OUTSIDE_ALLOWED_ROOTS" }]);
  });

  it("may be links inside an allowed folder, as in a cache of the hub", async () => {
    const blobs = join(base, "root", "blobs");
    await mkdir(blobs);
    for (const name of files) {
      await rename(join(model.folder, name), join(blobs, name));
      await symlink(join("..", "blobs", name), join(model.folder, name));
    }
    expect((await inspectModel(model, field)).config.layers).toBe(2);
    const loaded = await loadModel(model, { task: "classification", classes: 2 }, { seed: 0, field });
    await saveModel(join(base, "saved"), {
      sourceFolder: model,
      task: { task: "classification", classes: ["a", "b"] },
      parameters: loaded.parameters,
    });
    expect((await loadTokenizer(join(base, "saved"), 16))("a good film").ids.length).toBeGreaterThan(3);
  });

  it.each(files)("%s may not be a pipe, which would never end, nor a folder", async (name) => {
    await rm(join(model.folder, name));
    execFileSync("sh", ["-c", 'mkfifo "$0"', join(model.folder, name)]);
    expect(await faultsOf()).toMatchObject([
      { reason: "NOT_A_FILE", description: `${name} of "/asked/for" is no plain file; a file is needed` },
    ]);
    await rm(join(model.folder, name));
    await mkdir(join(model.folder, name));
    expect(await faultsOf()).toMatchObject([
      { reason: "NOT_A_FILE", description: `${name} of "/asked/for" is a folder; a file is needed` },
    ]);
    await rm(join(model.folder, name), { recursive: true });
    await symlink(name, join(model.folder, name));
    expect(await faultsOf()).toMatchObject([
      { reason: "UNREADABLE_FILE", description: expect.stringContaining("leads in a circle") as string },
    ]);
    await rm(join(model.folder, name));
    await symlink("/dev/zero", join(model.folder, name));
    expect(await faultsOf()).toMatchObject([{ reason: "OUTSIDE_ALLOWED_ROOTS" }]);
  });

  it.runIf(process.seteuid !== undefined)("are named when this server may not read them", async () => {
    await chmod(join(model.folder, "model.safetensors"), 0o000);
    for (const folder of [base, join(base, "root"), model.folder]) await chmod(folder, 0o755);
    const asRoot = process.geteuid?.() === 0;
    // Root may read everything: another user is asked for.
    if (asRoot) process.seteuid?.(65_534);
    try {
      expect(await faultsOf()).toMatchObject([
        { reason: "UNREADABLE_FILE", description: 'model.safetensors of "/asked/for" may not be read by this server: permission denied' },
      ]);
    } finally {
      if (asRoot) process.seteuid?.(0);
    }
  });

  it("are looked at again when they are used, not only when the job is created", async () => {
    const loaded = await loadModel(model, { task: "classification", classes: 2 }, { seed: 0, field });
    const outside = join(base, "outside");
    await writeFile(outside, "secret");
    await rm(join(model.folder, "tokenizer.json"));
    await symlink(outside, join(model.folder, "tokenizer.json"));
    const save = () =>
      saveModel(join(base, "saved"), {
        sourceFolder: model,
        task: { task: "classification", classes: ["a", "b"] },
        parameters: loaded.parameters,
      });
    expect(await faultsOf(save)).toMatchObject([{ reason: "OUTSIDE_ALLOWED_ROOTS" }]);
    expect(await faultsOf(() => loadTokenizer(model, 16, { field }))).toMatchObject([{ reason: "OUTSIDE_ALLOWED_ROOTS" }]);
    expect(await faultsOf(() => loadModel(model, { task: "classification", classes: 2 }, { seed: 0, field }))).toMatchObject([
      { reason: "OUTSIDE_ALLOWED_ROOTS" },
    ]);
  });

  it("are not read when they are too large to be what they are called", async () => {
    for (const [name, bytes] of [
      ["config.json", 1_000_001],
      ["tokenizer.json", 32_000_001],
      ["tokenizer_config.json", 8_000_001],
      ["vocab.txt", 64_000_001],
    ] as const) {
      await writeFile(join(model.folder, name), "{}");
      await truncate(join(model.folder, name), bytes);
    }
    expect((await faultsOf()).map(({ reason, description }) => `${reason} ${description}`).toSorted()).toEqual([
      "TOO_LARGE config.json has 1000001 bytes; at most 1000000 are allowed",
      "TOO_LARGE tokenizer.json has 32000001 bytes; at most 32000000 are allowed",
      "TOO_LARGE tokenizer_config.json has 8000001 bytes; at most 8000000 are allowed",
      "TOO_LARGE vocab.txt has 64000001 bytes; at most 64000000 are allowed",
    ]);
  });
});

describe("JSON that is not what it should be", () => {
  it.each(["null", "[]", '"bert"', "3"])("is named when it is %s", async (text) => {
    for (const name of files.slice(0, 3)) await writeFile(join(model.folder, name), text);
    expect((await faultsOf()).map(({ description }) => description.replace(":", ""))).toEqual(
      files.slice(0, 3).map((name) => `${name} is not a JSON object`),
    );
  });

  it("is named when it cannot be parsed, without a word of it", async () => {
    for (const name of files.slice(0, 3)) await writeFile(join(model.folder, name), "secret:x:0:0");
    expect((await faultsOf()).map(({ description }) => description)).toEqual(files.slice(0, 3).map((name) => `${name} is not JSON`));
    for (const name of files.slice(0, 3)) await writeFile(join(model.folder, name), `{"a": ${"[".repeat(900_000)}`);
    expect((await faultsOf()).map(({ description }) => description)).toEqual(
      files.slice(0, 3).map((name) => `${name} nests deeper than 32`),
    );
  });

  it("is refused at once when it asks for a model of absurd size", async () => {
    await rewrite("config.json", (config) => ({ ...config, num_hidden_layers: 1e9, vocab_size: 1e12 }));
    const { units } = await costOf(async () => {
      expect((await faultsOf()).map(({ description }) => description)).toEqual([
        "config.json: vocab_size is 1000000000000; allowed: a whole number from 1 to 4194304",
        "config.json: num_hidden_layers is 1000000000; allowed: a whole number from 1 to 512",
      ]);
      await rewrite("config.json", (config) => ({ ...config, num_hidden_layers: 512, vocab_size: 100 }));
      expect(await faultsOf()).toHaveLength(50);
    });
    expect(units).toBeLessThan(25);
  });
});

describe("weights", () => {
  it("are refused by the tensor's name when they hold what is not a number", async () => {
    const path = join(model.folder, "model.safetensors");
    const { tensors } = await inspectModel(model, field);
    const bytes = await readFile(path);
    const entry = tensors.get("bert.pooler.dense.bias");
    bytes.writeFloatLE(Number.NaN, entry?.begin ?? 0);
    bytes.writeFloatLE(Number.POSITIVE_INFINITY, (entry?.begin ?? 0) + 4);
    await writeFile(path, bytes);
    expect(await faultsOf(() => loadModel(model, { task: "classification", classes: 2 }, { seed: 0, field }))).toEqual([
      {
        field,
        reason: "NOT_FINITE",
        description: 'model.safetensors: tensor "bert.pooler.dense.bias" holds 2 of 32 values that are not finite',
      },
    ]);
  });
});

describe("an inspection that was made before", () => {
  it("is not made again while no file has changed, and is when one has", async () => {
    const first = await inspectModel(model, field);
    expect((await inspectModel(model, field)).tensors).toBe(first.tensors);
    const [again, together] = await Promise.all([inspectModel(model, field), inspectModel(model, field)]);
    expect(again).toBe(together);
    // Of the same size.
    const path = join(model.folder, "config.json");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace('"model_type": "bert"', '"model_type": "bird"'));
    expect(await faultsOf()).toMatchObject([{ reason: "UNSUPPORTED" }]);
    await writeFile(path, text);
    expect((await inspectModel(model, field)).config).toEqual(first.config);
  });
});
