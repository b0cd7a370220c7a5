import { copyFile, mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Stepwire, StepwireError } from "@stepwire/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sample, sharedStack, tinyModel } from "../support/localStack.js";
import { costToProcess } from "../support/cpuTime.js";
import { runCommand } from "../support/runCommand.js";
import { theProcess } from "../support/stackProcesses.js";

let stack: Awaited<ReturnType<typeof sharedStack>>;
let stepwire: Stepwire;
let dataset: string;
/** What others have left here before. */
let before: Awaited<ReturnType<typeof contents>>;

beforeAll(async () => {
  stack = await sharedStack();
  stepwire = stack.stepwire;
  dataset = (await stepwire.datasets.import({ columns, files: [{ split: "train", path: sample("train") }] })).id;
  before = await contents();
});

async function contents(): Promise<{ jobs: string[]; datasets: string[]; checkpoints: string[] }> {
  const jobs: string[] = [];
  for await (const { id } of stepwire.jobs.list({})) jobs.push(id);
  const names = async (folder: string): Promise<string[]> => {
    const found: string[] = await readdir(join(stack.dataFolder, "default", folder)).catch(() => []);
    return found.toSorted();
  };
  return { jobs, datasets: await names("datasets"), checkpoints: await names("jobs") };
}

const columns = { text: "text", label: "label" };
const good = () => ({ model: tinyModel("bert"), dataset: { id: dataset }, optimizer: { name: "adamw" }, maxSteps: 1 });

/** The violations of a call that must fail, as field -> description. */
async function violations(call: Promise<unknown>): Promise<Record<string, string>> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StepwireError);
  return Object.fromEntries((error as StepwireError).violations.map(({ field, description }) => [field, description]));
}

async function importText(
  filename: string,
  content: string,
  more: { split: string; path: string }[] = [],
): Promise<Record<string, string>> {
  const path = join(stack.folder, filename);
  await writeFile(path, content);
  return await violations(stepwire.datasets.import({ columns, files: [{ split: "train", path }, ...more] }));
}

async function modelFolder(name: string, leaveOut: string[] = []): Promise<string> {
  const folder = join(stack.folder, name);
  await mkdir(folder);
  for (const file of await readdir(tinyModel("bert")))
    if (!leaveOut.includes(file)) await copyFile(join(tinyModel("bert"), file), join(folder, file));
  return folder;
}

const bertConfig = {
  model_type: "bert",
  vocab_size: 30522,
  hidden_size: 384,
  num_attention_heads: 12,
  intermediate_size: 1536,
  max_position_embeddings: 512,
};

describe("bad input is refused with the field named, and leaves nothing behind", () => {
  afterAll(async () => {
    // Only what a test created on purpose: no job came out of a refused call.
    const { jobs, datasets } = await contents();
    expect(jobs.toSorted()).toEqual([...before.jobs, "diverges", "twice"].toSorted());
    expect(datasets).toEqual(before.datasets);
  });

  it("an unknown optimizer, with the nearest name", async () => {
    const found = await violations(stepwire.jobs.create({ ...good(), optimizer: { name: "adamv" } }));
    expect(found["training_job.optimizer.name"]).toMatch(/"adamv".*"adamw"/s);
  });

  it("several faults at once: a negative learning rate, a batch of no examples, an unknown split", async () => {
    const found = await violations(
      stepwire.jobs.create({
        ...good(),
        optimizer: { name: "sgd", hyperparameters: { learning_rate: -1, momentun: 0.9 } },
        batchSize: 0,
        dataset: { id: dataset, validationSplit: "dev" },
      }),
    );
    expect(found["training_job.optimizer.hyperparameters.learning_rate"]).toContain("-1");
    expect(found["training_job.optimizer.hyperparameters.momentun"]).toContain("momentum");
    expect(found["training_job.batch_size"]).toContain("0 is out of range");
    expect(found["training_job.dataset.validation_split"]).toContain('"dev"');
  });

  it("a misspelt field in the SDK, before anything is sent", async () => {
    const misspelt = { ...good(), optimiser: { name: "adamw" } };
    expect(Object.values(await violations(stepwire.jobs.create(misspelt)))[0]).toContain("optimizer");
  });

  it("a misspelt flag of the command", async () => {
    const { code, stderr } = await runCommand(["train", "--train", sample("train"), "--optimiser", "adamw"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--optimizer");
  });

  it("a missing column, with the ones there are", async () => {
    const found = await importText("columns.csv", "texts,label\nhello,a\nbye,b\n");
    expect(Object.values(found).join()).toMatch(/"text".*"texts"/s);
  });

  it("an empty file", async () => {
    expect(Object.values(await importText("empty.csv", "")).join()).toContain("empty");
  });

  it("a label seen in only one split", async () => {
    const other = join(stack.folder, "validation.csv");
    await writeFile(other, "text,label\nfine,good\npoor,bad\nstrange,odd\n");
    const found = await importText("one-sided.csv", "text,label\ngreat,good\nawful,bad\n", [{ split: "validation", path: other }]);
    expect(Object.values(found).join()).toContain('"odd"');
  });

  it("bad rows, each with its number: an empty text, a text of 100,000 characters", async () => {
    const found = await importText("rows.csv", `text,label\nfine,good\n,bad\n${"x".repeat(100_000)},bad\n`);
    const said = Object.entries(found).flat().join("\n");
    expect(said).toMatch(/row 3/);
    expect(said).toMatch(/row 4/);
    expect(said).toContain("100000");
  });

  it("a corrupt safetensors file", async () => {
    const folder = await modelFolder("corrupt", ["model.safetensors"]);
    const weights = await readFile(join(tinyModel("bert"), "model.safetensors"));
    await writeFile(join(folder, "model.safetensors"), weights.subarray(0, weights.length / 2));
    expect((await violations(stepwire.jobs.create({ ...good(), model: folder })))["training_job.model"]).toContain("model.safetensors");
  });

  it("a model folder without a tokenizer", async () => {
    const folder = await modelFolder("wordless", ["tokenizer.json"]);
    expect((await violations(stepwire.jobs.create({ ...good(), model: folder })))["training_job.model"]).toContain("tokenizer.json");
  });

  it.each([
    [
      "config.json",
      JSON.stringify({ ...bertConfig, num_hidden_layers: 1e9 }),
      /num_hidden_layers is 1000000000; allowed: a whole number from 1 to 512/,
    ],
    ["config.json", "null", /config\.json: is not a JSON object/],
    ["tokenizer.json", "{}", /tokenizer\.json: model is not set/],
    ["tokenizer.json", "root:x:0:0", /tokenizer\.json is not JSON/],
    ["tokenizer_config.json", "[]", /tokenizer_config\.json: is not a JSON object/],
  ])("a model whose %s is %s, at once", async (name, content, message) => {
    const folder = await modelFolder(`broken-${name}-${content.length}`, [name]);
    await writeFile(join(folder, name), content);
    const trainer = await theProcess(stack.dataFolder, "services/trainer/main.js");
    const { result: found, units } = await costToProcess(trainer, () => violations(stepwire.jobs.create({ ...good(), model: folder })));
    expect(units).toBeLessThan(50);
    expect(found["training_job.model"]).toMatch(message);
  });

  it("a model whose file is a folder, or a link out of the allowed folders, without a word of what is there", async () => {
    const folder = await modelFolder("disguised", ["model.safetensors", "config.json"]);
    await mkdir(join(folder, "model.safetensors"));
    await symlink("/etc/passwd", join(folder, "config.json"));
    const error = await stepwire.jobs.create({ ...good(), model: folder }).catch((reason: unknown) => reason as StepwireError);
    expect((error as StepwireError).violations.map(({ description }) => description)).toEqual([
      `config.json of "${folder}" is a link that leads out of the folders this server may read`,
      `model.safetensors of "${folder}" is a folder; a file is needed`,
    ]);
  });

  it("hyperparameters that float32 cannot hold, and a warm-up longer than the job", async () => {
    const hyperparameters = { learning_rate: 1e308, epsilon: 5e-324, beta2: 0.99999999999 };
    const found = await violations(
      stepwire.jobs.create({ ...good(), optimizer: { name: "adamw", hyperparameters }, schedule: { warmupSteps: 2 }, maxGradNorm: 1e-310 }),
    );
    expect(Object.keys(found).toSorted()).toEqual([
      "training_job.max_grad_norm",
      "training_job.optimizer.hyperparameters.beta2",
      "training_job.optimizer.hyperparameters.epsilon",
      "training_job.optimizer.hyperparameters.learning_rate",
      "training_job.schedule.warmup_steps",
    ]);
    const { maxSteps: _steps, ...byEpochs } = good();
    const late = await violations(stepwire.jobs.create({ ...byEpochs, epochs: 1, schedule: { warmupSteps: 1_000_000 } }));
    expect(late["training_job.schedule.warmup_steps"]).toMatch(/^1000000 is out of range: the job has \d+ steps/);
  });

  it("a path outside the allowed roots, also through a symbolic link or dots", async () => {
    for (const model of ["/etc", `${stack.folder}/../..`])
      expect((await violations(stepwire.jobs.create({ ...good(), model })))["training_job.model"]).toContain("outside");
  });

  it("two jobs with one id", async () => {
    // It ends only when it is cancelled.
    const first = await stepwire.jobs.create({ ...good(), maxSteps: 1_000_000 }, { id: "twice" });
    await expect(stepwire.jobs.create(good(), { id: "twice" })).rejects.toMatchObject({ code: "ALREADY_EXISTS" });
    await first.cancel();
    await expect(first.result()).rejects.toThrow(/CANCELLED/);
  });

  it("a loss that is not finite fails the job, naming the step, and leaves no checkpoint", async () => {
    const job = await stepwire.jobs.create(
      {
        ...good(),
        optimizer: { name: "adamw", hyperparameters: { learning_rate: 1000 } },
        schedule: { name: "constant", warmupSteps: 0 },
        maxSteps: 60,
        batchSize: 4,
        maxGradNorm: 0,
      },
      { id: "diverges" },
    );
    await expect(job.result()).rejects.toMatchObject({ reason: "NAN_LOSS" });
    const { error } = await job.get();
    expect(error).toMatchObject({ code: "NAN_LOSS", attempt: 1 });
    expect(error?.step).toBeGreaterThan(0);
    expect((await contents()).checkpoints).toEqual(before.checkpoints);
  });
});
