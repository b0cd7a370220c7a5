import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { status } from "@grpc/grpc-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { detailedError } from "../testing/contractServer.js";
import { runStepwire, startStepwire } from "../testing/runStepwire.js";
import { pointEvent, type ServiceServer, startServiceServer, succeededJob } from "../testing/serviceServer.js";

let server: ServiceServer;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-train-"));
  server = await startServiceServer();
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

async function rows(): Promise<string> {
  const path = join(folder, "train.csv");
  await writeFile(path, "text,label\ngood,a\nbad,b\n");
  return path;
}

const train = async (...flags: string[]) => await runStepwire([...server.flags, "train", "--train", await rows(), ...flags]);

describe("stepwire train", () => {
  it("sends only what was given, and prints one JSON object a line", async () => {
    const flags = [
      ...["--optimizer", "sgd", "--momentum", "0.9", "--hyperparameter", "nesterov=true", "--learning-rate", "2e-4", "--max-steps", "2"],
      ...["--on-nan", "skip", "--job-label", "team=a", "--job-label", "__proto__=b", "--warmup-ratio", ".1"],
      ...["--keep-training-state", "--resume-from", "first", "--recompute-activations"],
    ];
    const { code, lines, stderr } = await train(...flags, "--json");
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const [created] = server.created;
    expect(created?.training_job).toMatchObject({
      model: "",
      dataset: { id: "d", train_split: "" },
      optimizer: {
        name: "sgd",
        hyperparameters: {
          fields: { momentum: { numberValue: 0.9 }, nesterov: { boolValue: true }, learning_rate: { numberValue: 2e-4 } },
        },
      },
      schedule: { name: "", warmup_ratio: 0.1 },
      max_steps: 2,
      on_nan: "NAN_POLICY_SKIP",
      keep_training_state: true,
      resume_from: "first",
      recompute_activations: true,
    });
    expect(Object.entries(created?.training_job?.labels ?? {})).toEqual([
      ["team", "a"],
      ["__proto__", "b"],
    ]);
    expect(created?.training_job).not.toHaveProperty("epochs");
    expect(created?.training_job).not.toHaveProperty("batch_size");
    expect(lines.map(({ type }) => type)).toEqual(["dataset", "state", "metric", "metric", "state", "evaluation", "result"]);
    expect(lines[1]).toMatchObject({ state: "RUNNING" });
    expect(lines[2]).toMatchObject({ kind: "METRIC_KIND_TRAIN", step: 1, loss: 0.5, tokens: "64" });
    expect(lines[3]).toMatchObject({ loss: "NaN" });
    expect(lines[5]).toMatchObject({
      split: "test",
      accuracy: { estimate: 0.9, lower: 0.5958, upper: 0.9821, level: 0.95, method: "wilson" },
      macro_f1: { estimate: 0.88, method: "bootstrap, bca" },
    });
    expect(lines[6]).toMatchObject({
      id: "job",
      optimizer: "adamw",
      seconds: 1.5,
      peak_memory_bytes: 1_073_741_824,
      checkpoint: "/checkpoints/job",
    });
  });

  it("sends a chain, wrappers, groups and the options of a schedule in their order", async () => {
    const { code, stderr } = await train(
      ...["--element", "scale_by_adam:beta2=0.98,rectify=true", "--element", "scale_by_learning_rate"],
      ...["--wrap", "lookahead:lookahead_steps=5", "--wrap", "exponential_moving_average"],
      ...["--group", "bert.*:learning_rate_scale=0.1", "--group", "*.bias:decayed=false,learning_rate_scale=0"],
      ...["--schedule", "warmup_stable_decay", "--schedule-option", "decay_steps=2", "--schedule-option", "decay_type=1-sqrt"],
      "--json",
    );
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(server.created[0]?.training_job).toMatchObject({
      optimizer: {
        name: "",
        chain: [
          { name: "scale_by_adam", hyperparameters: { fields: { beta2: { numberValue: 0.98 }, rectify: { boolValue: true } } } },
          { name: "scale_by_learning_rate" },
        ],
        wrappers: [
          { name: "lookahead", hyperparameters: { fields: { lookahead_steps: { numberValue: 5 } } } },
          { name: "exponential_moving_average" },
        ],
        groups: [
          { pattern: "bert.*", learning_rate_scale: 0.1 },
          { pattern: "*.bias", learning_rate_scale: 0, decayed: false },
        ],
      },
      schedule: {
        name: "warmup_stable_decay",
        options: { fields: { decay_steps: { numberValue: 2 }, decay_type: { stringValue: "1-sqrt" } } },
      },
    });
    expect(server.created[0]?.training_job?.optimizer?.groups?.[0]).not.toHaveProperty("decayed");
  });

  it("prints the accuracy with its interval for people", async () => {
    const { code, stdout, stderr } = await train("--optimizer", "adamw");
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain('accuracy 0.900 (95% interval 0.596 to 0.982, wilson): 9 of 10 examples of "test"');
    expect(stdout).toContain("checkpoint /checkpoints/job");
    expect(stderr).toContain("step 2/2");
  });

  it("says all faults of its flags at once and ends with 2", async () => {
    const { code, stderr } = await runStepwire([
      ...["--trainer-address", "nowhere", "train", "--learning-rate", "0x1", "--batch-size", "1.5"],
      ...["--job-label", "a", "--max-steps", "9007199254740993", "--hyperparameter", "beta1=9007199254740993"],
      ...["--wrap", "lookahead:", "--group", "bert.*", "--schedule-option", "power"],
    ]);
    expect(code).toBe(2);
    for (const fault of [
      '--trainer-address: "nowhere" has no port',
      '--learning-rate: "0x1" is not a number',
      '--batch-size: "1.5" is not a whole number',
      '--job-label: "a"',
      '--max-steps: "9007199254740993" is out of range',
      '--hyperparameter beta1: "9007199254740993" is out of range',
      '--wrap: "lookahead:" is not of the form name or name:key=value,key=value',
      '--group: "bert.*" is not of the form pattern:key=value,key=value',
      '--schedule-option: "power" is not of the form key=value',
      "--optimizer:",
      "--train:",
    ])
      expect(stderr).toContain(fault);
  });

  it("names the flag of what the server refused, and the field in JSON", async () => {
    const violations = [
      { field: "training_job.optimizer.hyperparameters.learning_rate", reason: "OUT_OF_RANGE", description: "-1 is out of range" },
      { field: "training_job.optimizer.hyperparameters.nestorov", reason: "UNKNOWN_FIELD", description: '"nestorov" is unknown' },
      { field: "training_job.surprise", reason: "UNKNOWN_FIELD", description: "nobody knows it" },
    ];
    server.answers.refusedJob = detailedError({
      code: status.INVALID_ARGUMENT,
      message: violations.map(({ field, description }) => `${field}: ${description}`).join("\n"),
      reason: "INVALID_FIELDS",
      metadata: {},
      violations,
    });
    const flags = ["--optimizer", "adamw", "--learning-rate", "-1", "--json"];
    const { code, lines, stderr } = await train(...flags);
    expect(code).toBe(2);
    expect(stderr).toContain(
      [
        "stepwire: 3 fields are invalid:",
        "  --learning-rate: -1 is out of range",
        '  --hyperparameter nestorov: "nestorov" is unknown',
        "  training_job.surprise: nobody knows it",
      ].join("\n"),
    );
    expect(lines.at(-1)).toMatchObject({ type: "error", code: "INVALID_ARGUMENT", violations });
  });

  it("names the flag and the file of what is wrong with the data", async () => {
    const violations = [
      { field: "files[0].rows[3].text", reason: "EMPTY_TEXT", description: '"train.csv", row 3: "text" is empty: ""' },
      { field: "files[0].format", reason: "UNKNOWN_VALUE", description: '"X" is not a format' },
      { field: "header.columns.label", reason: "MISSING_COLUMN", description: '"train.csv" has no column "label"' },
      { field: "chunk", reason: "TOO_LARGE", description: "the upload is too large" },
    ];
    server.answers.refusedImport = detailedError({
      code: status.INVALID_ARGUMENT,
      message: violations.map(({ field, description }) => `${field}: ${description}`).join("\n"),
      reason: "INVALID_FIELDS",
      metadata: {},
      violations,
    });
    const { code, stderr } = await train("--optimizer", "adamw");
    expect(code).toBe(2);
    expect(stderr).toBe(
      [
        "stepwire: 4 fields are invalid:",
        '  --train: "train.csv", row 3: "text" is empty: ""',
        `  --train ${join(folder, "train.csv")}: "X" is not a format`,
        '  --label: "train.csv" has no column "label"',
        "  --train: the upload is too large",
        "",
      ].join("\n"),
    );
  });

  it("names --dataset when there is no such data set", async () => {
    const description = 'There is no data set "e".';
    server.answers.refusedImport = detailedError({
      code: status.NOT_FOUND,
      message: description,
      reason: "DATA_SET_NOT_FOUND",
      metadata: {},
      violations: [{ field: "id", reason: "DATA_SET_NOT_FOUND", description }],
    });
    const result = await runStepwire([...server.flags, "train", "--dataset", "e", "--optimizer", "adamw"]);
    expect(result).toMatchObject({ code: 2, stderr: `stepwire: --dataset: ${description}\n` });
  });

  it("names the flag of what the SDK refuses", async () => {
    const { code, stderr } = await train("--optimizer", "adamw", "--max-steps", "3000000000");
    expect(code).toBe(2);
    expect(stderr).toContain("stepwire: --max-steps: 3000000000 is out of range; allowed: -2147483648 to 2147483647");
  });

  it("ends with 1 when the job failed", async () => {
    server.answers.events = [{ state_change: { state: "TRAINING_JOB_STATE_FAILED" } }];
    server.answers.job = {
      ...succeededJob,
      state: "TRAINING_JOB_STATE_FAILED",
      error: { code: "NAN_LOSS", message: "the loss is NaN", step: 4 },
    };
    const { code, lines } = await train("--optimizer", "adamw", "--json");
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ type: "error", reason: "NAN_LOSS" });
  });

  it("cancels the job on Ctrl-C and ends with 130", async () => {
    server.answers.events = [pointEvent(1, 0.5)];
    const child = startStepwire([...server.flags, "train", "--train", await rows(), "--optimizer", "adamw", "--json"]);
    for await (const line of createInterface({ input: child.stdout })) if (line.includes('"metric"')) break;
    child.kill("SIGINT");
    const [code] = (await once(child, "exit")) as [number | null];
    expect(code).toBe(130);
    expect(server.cancelled).toEqual(["job"]);
  });
});
