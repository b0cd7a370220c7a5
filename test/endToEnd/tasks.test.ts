import { access, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StepwireError, type TrainingJobInput } from "@stepwire/client";
import { beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "../support/runCommand.js";
import { sharedStack, tinyModel } from "../support/localStack.js";

// Every task over gRPC, with the real engine: a language model with an adapter, a regression, and what does not fit together.

let stack: Awaited<ReturnType<typeof sharedStack>>;
const [gpt2, bert] = [tinyModel("gpt2"), tinyModel("bert")];

beforeAll(async () => {
  stack = await sharedStack();
});

async function jsonLines(name: string, rows: readonly object[]): Promise<string> {
  const path = join(stack.folder, name);
  await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return path;
}

const animals = ["cat", "dog", "cow", "owl", "bee", "fox", "ant", "hen"];
const completions = animals.flatMap((animal, index) => [
  { question: `the ${animal} says`, answer: ` ${animal.repeat(2 + (index % 3))}` },
  { question: "", answer: ` a ${animal} .` },
]);
const numbers = animals.flatMap((animal, index) =>
  [1, 2].map((times) => ({ sentence: `${animal} `.repeat(times), score: (index + times) / 4 - 1 })),
);

const settings = { batchSize: 4, maxLength: 32, maxSteps: 12, seed: 1, evaluateEvery: 6 } as const;

async function refusal(job: TrainingJobInput): Promise<string[]> {
  const error = await stack.stepwire.jobs.create(job, { validateOnly: true }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StepwireError)) throw new Error("it was not refused", { cause: error });
  return error.violations.map(({ field, reason, description }) => `${field} ${reason} ${description}`);
}

describe("a causal language model with an adapter", () => {
  it("learns completions, is saved merged and as an adapter, and is evaluated by loss and perplexity with intervals", async () => {
    const dataset = await stack.stepwire.datasets.import({
      columns: { prompt: "question", completion: "answer" },
      files: [{ split: "train", path: await jsonLines("completions.jsonl", completions) }],
    });
    expect(dataset).toMatchObject({ classes: [], columns: { prompt: "question", completion: "answer" }, splits: [{ rows: 16 }] });
    const job = await stack.stepwire.jobs.create({
      ...settings,
      model: gpt2,
      dataset: { id: dataset.id, validationFraction: 0.25 },
      optimizer: { name: "adamw", hyperparameters: { learning_rate: 0.02 } },
      lora: { rank: 2, targets: ["c_attn", "c_fc"], dropout: 0.1 },
    });
    expect(job.snapshot).toMatchObject({ task: "causal_lm", precision: "float32", lora: { rank: 2, alpha: 16, rslora: false } });
    const losses: number[] = [];
    for await (const event of job.watch()) if (event.metric?.kind === "TRAIN") losses.push(event.metric.loss ?? Number.NaN);
    const result = await job.result();
    expect(losses.length).toBe(12);
    expect(losses.at(-1)).toBeLessThan(losses[0] ?? Number.NaN);
    expect(result.validationAccuracy).toBeGreaterThanOrEqual(0);

    expect((await readdir(join(result.checkpoint, "adapter"))).toSorted()).toEqual(["adapter_config.json", "adapter_model.safetensors"]);
    const config = JSON.parse(await readFile(join(result.checkpoint, "config.json"), "utf8")) as object;
    expect(config).toMatchObject({ architectures: ["GPT2LMHeadModel"], model_type: "gpt2" });
    const adapter = JSON.parse(await readFile(join(result.checkpoint, "adapter", "adapter_config.json"), "utf8")) as object;
    expect(adapter).toMatchObject({ r: 2, lora_alpha: 16, fan_in_fan_out: true, task_type: "CAUSAL_LM" });

    const card = await readFile(join(result.checkpoint, "README.md"), "utf8");
    expect(card).toContain(`| data set | ${dataset.id}, SHA-256 ${dataset.digest} |`);
    expect(card).toContain("| method | LoRA: rank 2, alpha 16, dropout 0.1, targets c\\_attn c\\_fc, rslora false |");
    expect(card).toMatch(/\| perplexity \| [\d.e+]+, 95% interval [\d.e+]+ to [\d.e+]+ \(linearised ratio, t\) \|/);

    const created = await stack.stepwire.evaluations.create({ trainingJob: job.id, split: "validation" });
    const { metrics } = await created.result();
    expect(metrics?.loss).toBeCloseTo(result.validationLoss ?? Number.NaN, 5);
    expect(metrics?.perplexity?.estimate).toBeCloseTo(Math.exp(metrics?.loss ?? 0), 6);
    expect(metrics?.perplexity?.lower).toBeLessThan(metrics?.perplexity?.estimate ?? 0);
    expect(metrics?.lossInterval).toMatchObject({ method: "linearised ratio, t", about: "examples", level: 0.95 });
    expect(metrics?.accuracy?.estimate).toBeCloseTo(result.validationAccuracy ?? Number.NaN, 6);
    expect(metrics).not.toHaveProperty("macroF1");
    const rows = (await readFile(metrics?.predictions ?? "", "utf8")).trim().split("\n");
    expect(rows.length).toBe(metrics?.examples);
    expect(JSON.parse(rows[0] ?? "")).toMatchObject({ index: 0, loss: expect.any(Number) as number, tokens: expect.any(Number) as number });
  });

  it("takes as many tokens as the model has positions for, where that is less than what it would take", async () => {
    const dataset = await stack.stepwire.datasets.import({
      columns: { completion: "answer" },
      files: [{ split: "train", path: await jsonLines("few.jsonl", completions) }],
    });
    const { maxLength: _, ...rest } = settings;
    const job = await stack.stepwire.jobs.create({
      ...rest,
      model: gpt2,
      dataset: { id: dataset.id },
      optimizer: { name: "adamw" },
      maxSteps: 1,
    });
    expect(job.snapshot.maxLength).toBe(64);
    expect((await job.result()).steps).toBe(1);
  });

  it("refuses what does not fit, all of it at once", async () => {
    const dataset = await stack.stepwire.datasets.import({
      columns: { completion: "answer" },
      files: [{ split: "train", path: await jsonLines("texts.jsonl", completions) }],
    });
    const ask: TrainingJobInput = { ...settings, model: gpt2, dataset: { id: dataset.id }, optimizer: { name: "adamw" } };
    expect(await refusal({ ...ask, task: "classification", precision: "float8", lora: { rank: 0, alpha: -1, dropout: 1 } })).toEqual([
      'training_job.precision UNSUPPORTED "float8" is not supported; allowed: "float32", "bfloat16"',
      'training_job.task CONFLICT is "classification", but the data set has completions; allowed: "causal_lm", or leave it out',
      "training_job.lora.rank OUT_OF_RANGE 0 is out of range; allowed: a whole number, at least 1, at most 4096",
      "training_job.lora.alpha OUT_OF_RANGE -1 is out of range; allowed: a number, above 0, at most 1000000",
      "training_job.lora.dropout OUT_OF_RANGE 1 is out of range; allowed: a number, at least 0, below 1",
    ]);
    expect(await refusal({ ...ask, model: bert })).toEqual([
      "training_job.model UNSUPPORTED is a bert, which reads texts in both directions; a causal language model is needed: gpt2, llama or qwen2",
    ]);
    expect(await refusal({ ...ask, lora: { targets: ["c_attn", "q_proj"] } })).toEqual([
      'training_job.lora.targets[1] NO_MATCH "q_proj" names no linear layer of the model; allowed: "c_attn", "c_proj", "c_fc", "all-linear", or longer ends of layers\' names; did you mean "c_proj"?',
    ]);
    expect(
      await refusal({ ...ask, maxLength: 65, optimizer: { name: "adamw", groups: [{ pattern: "*", learningRateScale: 0 }] } }),
    ).toEqual([
      "training_job.max_length OUT_OF_RANGE 65 is out of range; the model has positions for 64 tokens",
      expect.stringMatching(/^training_job\.optimizer\.groups NOTHING_TRAINED freeze all \d+ parameters/),
    ]);
    expect(
      await refusal({
        ...ask,
        optimizer: { name: "adamw", wrappers: [{ name: "stochastic_weight_average", hyperparameters: { swa_start: 13 } }] },
      }),
    ).toEqual([
      "training_job.optimizer.wrappers[0].hyperparameters.swa_start OUT_OF_RANGE 13 is after the last of 12 steps: nothing would be averaged; at most 12 is allowed",
    ]);
    expect(await refusal({ ...ask, optimizer: { name: "sophia-g" } })).toEqual([
      'training_job.optimizer CONFLICT "sophia-g" draws labels from a classifier\'s outputs, and the task is "causal_lm"; allowed: another optimizer',
    ]);
    expect(await refusal({ ...ask, lora: {}, keepTrainingState: true })).toEqual([
      "training_job.keep_training_state CONFLICT cannot be true with lora: the state of an adapter is not kept; leave one of the two out",
    ]);
  });
});

describe("a regression", () => {
  it("learns numbers, and is evaluated by its mean squared error with an interval", async () => {
    const path = await jsonLines("numbers.jsonl", numbers);
    const { lines, code, stderr } = await runCommand([
      ...["--trainer-address", stack.trainerAddress, "--evaluator-address", stack.evaluatorAddress, "train", "--json"],
      ...["--train", path, "--text", "sentence", "--target", "score", "--model", bert, "--optimizer", "adamw", "--learning-rate", "0.01"],
      ...["--batch-size", "8", "--max-length", "32", "--max-steps", "30", "--validation-fraction", "0.25", "--job-id", "numbers"],
    ]);
    expect(code, stderr).toBe(0);
    const evaluation = lines.find(({ type }) => type === "evaluation") ?? {};
    expect(evaluation).toMatchObject({ examples: 4, loss_interval: { method: "bootstrap, bca" } });
    expect(evaluation).not.toHaveProperty("accuracy");
    const job = await stack.stepwire.jobs.get("numbers");
    expect(job.snapshot).toMatchObject({ task: "regression", dataset: { trainSplit: "train" } });
    const result = await job.result();
    expect(result).not.toHaveProperty("validationAccuracy");
    expect(result.finalLoss).toBeLessThan(0.5);
    const config = JSON.parse(await readFile(join(result.checkpoint, "config.json"), "utf8")) as object;
    expect(config).toMatchObject({ problem_type: "regression", num_labels: 1 });
    await access(join(result.checkpoint, "model.safetensors"));
  });

  it("goes on from where another one ended, as one that never stopped", async () => {
    const dataset = await stack.stepwire.datasets.import({
      columns: { text: "sentence", target: "score" },
      files: [{ split: "train", path: await jsonLines("resumed.jsonl", numbers) }],
    });
    const ask = (maxSteps: number): TrainingJobInput => ({
      ...settings,
      model: bert,
      dataset: { id: dataset.id },
      optimizer: { name: "adamw", hyperparameters: { learning_rate: 0.01 } },
      schedule: { name: "constant", warmupSteps: 2 },
      maxSteps,
    });
    const weights = async (job: TrainingJobInput, id: string) =>
      (await (await stack.stepwire.jobs.create(job, { id })).result()).weightsDigest;
    const whole = await weights(ask(6), "regression-whole");
    await weights({ ...ask(3), keepTrainingState: true }, "regression-half");
    expect(await weights({ ...ask(6), resumeFrom: "regression-half" }, "regression-rest")).toBe(whole);
    const texts = await stack.stepwire.datasets.import({
      columns: { text: "sentence", label: "kind" },
      files: [
        {
          split: "train",
          path: await jsonLines(
            "named.jsonl",
            numbers.map((row, index) => ({ ...row, kind: index % 2 === 0 ? "a" : "b" })),
          ),
        },
      ],
    });
    expect(await refusal({ ...ask(6), resumeFrom: "regression-half", dataset: { id: texts.id } })).toEqual([
      'training_job.dataset.id CONFLICT is for the task "classification"; that of training job "regression-half" is "regression", and only such a data set is allowed',
    ]);
  });

  it("refuses columns that make no data set, and numbers that are none, by row", async () => {
    const bad = await jsonLines("bad.jsonl", [{ sentence: "a", score: "high" }, { sentence: "b" }, { sentence: "", score: 1 }]);
    const attempt = (columns: Parameters<typeof stack.stepwire.datasets.import>[0]["columns"]) =>
      stack.stepwire.datasets.import({ columns, files: [{ split: "train", path: bad }] }).then(
        () => [],
        (error: unknown) => (error instanceof StepwireError ? error.violations.map(({ field, reason }) => `${field} ${reason}`) : [error]),
      );
    expect(await attempt({ text: "sentence", target: "score" })).toEqual([
      "files[0].rows[1].target NOT_A_NUMBER",
      "files[0].rows[2].target MISSING_TARGET",
      "files[0].rows[3].text EMPTY_TEXT",
    ]);
    expect(await attempt({ text: "sentence", target: "score", completion: "sentence" })).toEqual(
      expect.arrayContaining(["header.columns.text CONFLICT", "header.columns.target CONFLICT"]),
    );
  });
});
