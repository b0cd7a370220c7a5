import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EvaluationInput as WireEvaluation, TrainingJobInput as WireJob } from "@stepwire/proto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runStepwire } from "../testing/runStepwire.js";
import { type ServiceServer, startServiceServer, succeededJob } from "../testing/serviceServer.js";

// What docs/command.md says about --json, held against what every command really prints.

interface Documented {
  /** Commands with the flags that matter, for example `train --detach`. */
  from: string[];
  /** Names of fields, those of nested objects too. */
  fields: string[];
}

let documented: Map<string, Documented>;
/** Real lines by what printed them. */
const printed = new Map<string, Record<string, unknown>[]>();
let folder: string;
let server: ServiceServer;

const error = { code: "NAN_LOSS", message: "the loss is NaN", step: 4 };
const time = { seconds: 1_700_000_000, nanos: 5_000_000 };
const evaluation: NonNullable<WireEvaluation["metrics"]> = {
  ...{ examples: 10, correct: 9, loss: NaN, macro_f1: { estimate: 0.88 }, classes: ["a", "b"], split_digest: "x", seconds: 1 },
  accuracy: { estimate: 0.9, lower: 0.5958, upper: 0.9821, level: 0.95, method: "wilson" },
  confusion_matrix: [{ counts: [5, 1] }, { counts: [0, 4] }],
};
const optimizer = { name: "adamw", hyperparameters: { fields: { learning_rate: { numberValue: 5e-5 } } } };

beforeAll(async () => {
  const text = await readFile(new URL("../../../../docs/command.md", import.meta.url), "utf8");
  const section = /## `--json`\n(.*?)\n## /s.exec(text)?.[1] ?? "";
  const rows = [...section.matchAll(/^\| `(?!type`)(\w+)` \| (.*?) \| (.*) \|$/gm)];
  documented = new Map(
    rows.map(([, type = "", from = "", fields = ""]) => [
      type,
      {
        from: [...from.matchAll(/`([^`]+)`/g)].map(([, command = ""]) => command),
        fields: [...fields.matchAll(/`([a-z0-9_]+)`/g)].map(([, name = ""]) => name),
      },
    ]),
  );

  folder = await mkdtemp(join(tmpdir(), "stepwire-json-"));
  const train = join(folder, "train.csv");
  await writeFile(train, "text,label\ngood,a\nbad,b\n");
  server = await startServiceServer();
  const { answers } = server;
  const job: WireJob = { ...succeededJob, optimizer };
  answers.job = job;
  answers.evaluation = { ...answers.evaluation, metrics: evaluation };
  const events = [
    { job: "job", time, state_change: { state: "TRAINING_JOB_STATE_RUNNING" } },
    { job: "job", time, attempt_started: { attempt: 1, from_step: 0 } },
    { job: "job", time, metric: { uid: "u", job: "job", step: 1, loss: Infinity, tokens: "64", kind: "METRIC_KIND_TRAIN", time } },
    { job: "job", time, checkpoint_saved: { step: 1, weights_digest: "x" } },
    { job: "job", time, log: { level: "warn", message: "m", attributes: { fields: { a: { numberValue: 1 } } } } },
    { job: "job", time, heartbeat: {} },
  ] as const;
  const run = async (name: string, args: string[]): Promise<void> => {
    const { lines } = await runStepwire([...server.flags, ...args, "--json"]);
    printed.set(name, [...(printed.get(name) ?? []), ...lines]);
  };
  const trainFlags = ["train", "--train", train, "--optimizer", "adamw"];
  answers.events = [...events, { job: "job", time, state_change: { state: "TRAINING_JOB_STATE_SUCCEEDED" } }];
  await run("train", trainFlags);
  await run("watch", ["watch", "job"]);
  await run("train --detach", [...trainFlags, "--detach"]);
  await run("train --validate-only", [...trainFlags, "--validate-only"]);
  await run("jobs", ["jobs"]);
  await run("jobs", ["jobs", "job"]);
  await run("evaluate", ["evaluate", "job"]);
  for (const name of ["show", "cancel", "delete"]) await run(`evaluation ${name}`, ["evaluation", name, "e"]);
  await run("evaluation list", ["evaluation", "list"]);
  await run("compare", ["compare", "e1", "e2"]);
  await run("predict", ["predict", "job", "a text"]);
  const declared = join(folder, "study.yaml");
  await writeFile(declared, "job: { dataset: { id: d } }\narms: []\nseeds: [1]\nmargin: 0.1\n");
  await run("study run", ["study", "run", declared]);
  await run("study run --detach", ["study", "run", declared, "--detach"]);
  await run("study run --validate-only", ["study", "run", declared, "--validate-only"]);
  await run("study watch", ["study", "watch", "study"]);
  await run("study list", ["study", "list"]);
  await run("study cancel", ["study", "cancel", "study"]);
  await run("optimizers", ["optimizers"]);
  await run("optimizers", ["optimizers", "--elements"]);
  await run("cancel", ["cancel", "job"]);
  // What did not succeed.
  answers.job = { ...job, state: "TRAINING_JOB_STATE_FAILED", error };
  answers.events = [{ job: "job", time, state_change: { state: "TRAINING_JOB_STATE_FAILED", error } }];
  await run("train", trainFlags);
  await run("watch", ["watch", "job"]);
  await run("train", ["train"]);
  for (const name of ["jobs", "cancel", "evaluate", "compare", "predict", "optimizers"]) await run(name, [name, "--surprise"]);
  for (const name of ["list", "show", "cancel", "delete"]) await run(`evaluation ${name}`, ["evaluation", name, "--surprise"]);
  for (const name of ["run", "watch", "list", "cancel"]) await run(`study ${name}`, ["study", name, "--surprise"]);
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const typesOf = (command: string): Set<unknown> => new Set(printed.get(command)?.map(({ type }) => type));

describe("docs/command.md", () => {
  it("lists every type of line with the commands that print it, and no others", () => {
    const all = [...printed.keys()].filter((name) => !name.includes("--"));
    const said = [...documented].flatMap(([type, { from }]) =>
      (from[0] === undefined ? all : from).map((command) => `${command}: ${type}`),
    );
    // A detached or validated job imports its data like others.
    const real = [...printed.keys()].flatMap((command) =>
      [...typesOf(command)].filter((type) => !command.includes("--") || type !== "dataset").map((type) => `${command}: ${String(type)}`),
    );
    expect(real.toSorted()).toEqual(said.toSorted());
  });

  it("names only fields that are there", () => {
    for (const [type, { fields }] of documented) {
      const lines = [...printed.values()].flat().filter((line) => line["type"] === type);
      const keys = new Set(lines.flatMap((line) => [...JSON.stringify(line).matchAll(/"([a-z0-9_]+)":/g)].map(([, key]) => key)));
      for (const field of fields) expect(keys, `${type}: ${field}`).toContain(field);
    }
  });

  it("shows the exact shapes of what programs branch on", () => {
    const keys = (command: string, type: string): string[][] =>
      (printed.get(command) ?? []).filter((line) => line["type"] === type).map((line) => Object.keys(line));
    expect(keys("watch", "state")).toEqual([
      ["type", "job", "time", "state"],
      ["type", "job", "time", "state"],
      ["type", "job", "time", "state", "error"],
    ]);
    expect(keys("cancel", "state")).toEqual([["type", "job", "state"]]);
    expect(keys("watch", "attempt")).toEqual([["type", "job", "time", "attempt", "from_step"]]);
    expect(keys("watch", "checkpoint")).toEqual([["type", "job", "time", "step", "weights_digest"]]);
    expect(keys("watch", "log")).toEqual([["type", "job", "time", "level", "message", "attributes"]]);
    for (const command of [
      "train",
      "watch",
      "jobs",
      "cancel",
      "evaluate",
      "compare",
      "predict",
      "study run",
      "study list",
      "evaluation list",
      "evaluation delete",
      "optimizers",
    ])
      expect(new Set(keys(command, "error").map(String))).toEqual(new Set(["type,code,reason,message,metadata,violations"]));
    expect(keys("train", "evaluation")[0]?.slice(0, 4)).toEqual(["type", "id", "training_job", "split"]);
    expect(keys("train", "result")[0]?.slice(0, 9)).toEqual([
      "type",
      "id",
      "uid",
      "state",
      "model",
      "dataset",
      "optimizer",
      "hyperparameters",
      "seconds",
    ]);
  });

  it("is right about numbers, times and enum values", () => {
    const find = (type: string) => (printed.get("watch") ?? []).find((line) => line["type"] === type);
    expect(find("metric")).toMatchObject({
      ...{ kind: "METRIC_KIND_TRAIN", tokens: "64", loss: "Infinity", time: "2023-11-14T22:13:20.005Z" },
    });
    expect(find("state")).toMatchObject({ state: "RUNNING", time: "2023-11-14T22:13:20.005Z" });
    expect(find("result")).toMatchObject({ state: "SUCCEEDED", peak_memory_bytes: 1_073_741_824, optimizer: "adamw" });
    expect(printed.get("compare")?.[0]).toMatchObject({ pairs: [{ verdict: "INCONCLUSIVE", needed: { examples: 77 } }] });
    expect(printed.get("evaluate")?.[0]).toMatchObject({ loss: "NaN", accuracy: { lower: 0.5958 } });
  });
});
