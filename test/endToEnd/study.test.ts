import { randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Evaluation, Study, StudyInput, TrainingJob } from "@stepwire/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { datasetBucket } from "#core/buckets.js";
import { isAlive } from "#local/processIdentity.js";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import { createLogger } from "#platform/logger.js";
import { connectNats } from "#platform/natsConnection.js";
import { openRecordStore, type RecordStore } from "#platform/recordStore.js";
import { runStepwire } from "../../clients/typescript/src/testing/runStepwire.js";
import { sample, startTestStack, type TestStack, tinyModel } from "../support/localStack.js";
import { standStillOnce, theProcess } from "../support/stackProcesses.js";

// Studies against the real services: what they promise when they run, when a worker dies, when somebody cancels, and when they are declared wrong.

let stack: TestStack;
let dataset: string;
let folder: string;

beforeAll(async () => {
  stack = await startTestStack({ STEPWIRE_LEASE_SECONDS: "10", STEPWIRE_STOP_SECONDS: "3" });
  folder = join(stack.folder, "study");
  await mkdir(folder);
  const [head = "", ...rows] = (await readFile(sample("validation"), "utf8")).split("\n").filter((line) => line !== "");
  const part = (name: string, from: number, to: number) =>
    writeFile(join(folder, `${name}.csv`), [head, ...rows.slice(from, to)].join("\n"));
  await Promise.all([part("train", 0, 60), part("validation", 60, 90), part("test", 90, 150)]);
  const files = ["train", "validation", "test"].map((split) => ({ split, path: join(folder, `${split}.csv`) }));
  ({ id: dataset } = await stack.stepwire.datasets.import({ columns: { text: "text", label: "label" }, files }));
});
afterAll(() => stack.close());

const declaration = (change: Partial<StudyInput> = {}): StudyInput => ({
  title: "Two optimizers",
  job: { model: tinyModel("bert"), dataset: { id: dataset }, maxSteps: 3, batchSize: 4, maxLength: 32, evaluateEvery: 1 },
  arms: [
    { name: "sgd", optimizer: { name: "sgd" }, search: { learning_rate: { values: [0.01, 0.05] } } },
    { name: "adamw", optimizer: { name: "adamw" }, search: { learning_rate: { min: 1e-4, max: 1e-3 } } },
  ],
  tuning: { trials: 2, seeds: [0] },
  seeds: [1, 2],
  margin: 0.05,
  parallelism: 2,
  ...change,
});

async function jobsOf(study: string): Promise<TrainingJob[]> {
  const found: TrainingJob[] = [];
  for await (const job of stack.stepwire.jobs.list({ labels: { study } })) found.push(job.snapshot);
  return found;
}

const worker = () => theProcess(stack.dataFolder, "services/evaluator/worker/main.js");

/** More than any test waits for: a job of so many steps ends only when somebody ends it. */
const endless = 1_000_000;

const isDone = ({ state }: { state: string }) => ["SUCCEEDED", "FAILED", "CANCELLED"].includes(state);

describe("a study", () => {
  it("brings every run to its end and reports, also when its worker is killed on the way, and is not run again", async () => {
    const study = await stack.stepwire.studies.create(declaration(), { id: "two", requestId: "once" });
    expect(study).toMatchObject({ state: "QUEUED", plan: { tuningRuns: 4, finalRuns: 4 }, progress: { runs: 8, done: 0, left: 8 } });

    const seen: Study[] = [];
    const watching = (async () => {
      for await (const now of study.watch()) seen.push(now);
    })();
    // What fails before it is awaited is told by itself.
    watching.catch(() => undefined);
    const first = await worker();
    expect(await standStillOnce(first, async () => ((await study.get()).progress?.done ?? 0) >= 2)).toBe(true);
    process.kill(first, "SIGKILL");
    await expect.poll(() => isAlive(first)).toBe(false);
    // What the report will be made from stays there until it is.
    const second = await worker();
    let needed = "";
    const isStanding = await standStillOnce(second, async () => {
      const ended = (await study.get()).runs.find(({ evaluation, state }) => evaluation !== "" && state === "SUCCEEDED");
      needed = ended?.evaluation ?? "";
      return needed !== "";
    });
    expect(isStanding).toBe(true);
    expect(isDone(await study.get())).toBe(false);
    const refused = { code: "FAILED_PRECONDITION", reason: "EVALUATION_NEEDED" };
    await expect(stack.stepwire.evaluations.delete(needed)).rejects.toMatchObject(refused);
    process.kill(second, "SIGCONT");
    await watching;
    const last = seen.at(-1);
    expect(last).toMatchObject({ state: "SUCCEEDED", progress: { runs: 8, done: 8, running: 0, failed: 0, left: 0 } });
    expect(last?.attempt).toBeGreaterThan(1);
    // What was done is never undone.
    const counts = seen.map(({ progress }) => progress?.done ?? 0);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));

    // No job was made twice, and none that was not declared.
    const jobs = await jobsOf("two");
    expect(jobs.map(({ id }) => id).toSorted()).toEqual(last?.runs.map(({ trainingJob }) => trainingJob).toSorted());
    expect(jobs.every(isDone)).toBe(true);
    // As many at a time as were declared: a job is made when another ends, and two are there from the beginning.
    const time = (date: Date | undefined) => date?.getTime() ?? expect.fail("a job that has ended has its times");
    const others = ({ id, createTime }: TrainingJob) =>
      jobs.filter((other) => other.id !== id && time(other.createTime) <= time(createTime) && time(other.endTime) > time(createTime));
    expect(Math.max(...jobs.map((job) => others(job).length))).toBe(1);
    const evaluations: Evaluation[] = [];
    for await (const evaluation of stack.stepwire.evaluations.list())
      if (jobs.some(({ id }) => id === evaluation.trainingJob)) evaluations.push(evaluation);
    expect(evaluations.map(({ split }) => split)).toEqual(["test", "test", "test", "test"]);

    // What was chosen is what was best on the validation split, and only that was measured.
    for (const arm of ["sgd", "adamw"]) {
      const own = last?.runs.filter((each) => each.arm === arm) ?? [];
      const best = Math.max(...own.filter(({ phase }) => phase === "TUNING").map(({ validationAccuracy = 0 }) => validationAccuracy));
      const finals = own.filter(({ phase }) => phase === "FINAL");
      expect(finals.map(({ seed }) => seed)).toEqual([1, 2]);
      expect(own.find(({ phase, trial }) => phase === "TUNING" && trial === finals[0]?.trial)?.validationAccuracy).toBe(best);
    }

    const report = JSON.parse(await study.report("json")) as {
      pairs: { first: string; second: string; verdict: string }[];
      arms: { seeds: { value: number }[] }[];
    };
    expect(report.pairs.map(({ first, second }) => [first, second])).toEqual([["sgd", "adamw"]]);
    const values = report.arms.flatMap(({ seeds }) => seeds.map(({ value }) => value));
    const measured = await Promise.all(
      (last?.runs ?? [])
        .filter(({ phase }) => phase === "FINAL")
        .map(async ({ evaluation }) => {
          const { metrics } = await stack.stepwire.evaluations.get(evaluation);
          return metrics?.accuracy?.estimate;
        }),
    );
    expect(new Set(values)).toEqual(new Set(measured));
    expect(await study.report("markdown")).toContain("# Two optimizers");
    expect(await study.report("html")).toMatch(/^<!doctype html>/);

    const again = await stack.stepwire.studies.create(declaration(), { id: "two", requestId: "once" });
    expect(again).toMatchObject({ uid: study.uid, state: "SUCCEEDED" });
    await expect(stack.stepwire.studies.create(declaration({ margin: 0.1 }), { id: "two", requestId: "once" })).rejects.toMatchObject({
      code: "ALREADY_EXISTS",
    });
    expect((await jobsOf("two")).length).toBe(8);
  });

  it("that is cancelled ends its jobs, and has no report", async () => {
    const study = await stack.stepwire.studies.create(declaration({ job: { ...declaration().job, maxSteps: endless } }), { id: "long" });
    for await (const { runs } of study.watch()) if (runs.some(({ step }) => step > 1)) break;
    await study.cancel();
    await expect(study.result()).rejects.toMatchObject({ code: "CANCELLED", reason: "STUDY_CANCELLED" });
    await expect.poll(async () => (await jobsOf("long")).every(isDone)).toBe(true);
    expect((await study.get()).runs.every(isDone)).toBe(true);
    await expect(study.report()).rejects.toMatchObject({ code: "FAILED_PRECONDITION", reason: "STUDY_NOT_SUCCEEDED" });
    await expect(study.cancel()).resolves.toMatchObject({ state: "CANCELLED" });
  });

  it("shows an arm whose trainings fail as failed, and compares the others", async () => {
    const arms = [
      ...(declaration().arms ?? []),
      {
        name: "broken",
        optimizer: { name: "adamw", hyperparameters: { weight_decay: 1000 } },
        search: { learning_rate: { values: [900, 1000] } },
      },
    ];
    const study = await stack.stepwire.studies.create(declaration({ arms, job: { ...declaration().job, maxSteps: 12, maxGradNorm: 0 } }), {
      id: "broken",
    });
    const ended = await study.result();
    const broken = ended.runs.filter(({ arm }) => arm === "broken");
    expect(broken.map(({ phase, state }) => [phase, state])).toEqual([
      ["TUNING", "FAILED"],
      ["TUNING", "FAILED"],
    ]);
    expect(broken[0]?.error?.message).toContain("NaN");
    const report = JSON.parse(await study.report()) as { pairs: unknown[]; notes: string[] };
    expect(report.pairs).toHaveLength(1);
    expect(report.notes.join("\n")).toContain("broken: 2 of 2 trials failed");
  });

  it("measures on the split called validation where it chose by another, and not on what it chose by", async () => {
    const parts = { train: "train", dev: "validation", validation: "test" };
    const files = Object.entries(parts).map(([split, name]) => ({ split, path: join(folder, `${name}.csv`) }));
    const imported = await stack.stepwire.datasets.import({ columns: { text: "text", label: "label" }, files });
    const [sgd, adamw] = (declaration().arms ?? []).map((arm) => ({ ...arm, search: {} }));
    const study = await stack.stepwire.studies.create({
      ...declaration({
        arms: [sgd ?? {}, adamw ?? {}],
        tuning: { trials: 1 },
        seeds: [1],
        purpose: "demonstration",
        testSplit: "validation",
      }),
      job: { ...declaration().job, dataset: { id: imported.id, validationSplit: "dev" } },
    });
    const { runs } = await study.result();
    const digests = await Promise.all(
      runs.map(async ({ evaluation }) => (await stack.stepwire.evaluations.get(evaluation)).metrics?.splitDigest),
    );
    const held = imported.splits.find(({ name }) => name === "validation")?.digest;
    expect(digests).toEqual([held, held]);
  });

  type Datasets = RecordStore<DatasetRecord>;
  it.each([
    // As after its deletion, when another is imported under its id.
    [
      "whose data set's id was used again",
      (datasets: Datasets, id: string) => datasets.change("default", id, (record) => ({ ...record, uid: randomUUID() })),
      "DATASET_CHANGED",
      /used again/,
    ],
    ["whose data set is gone", (datasets: Datasets, id: string) => datasets.delete("default", id), "DATASET_NOT_FOUND", /is gone/],
  ] as const)("%s fails with that reason in the middle of its runs, and ends its jobs", async (_what, spoil, code, message) => {
    const files = ["train", "validation", "test"].map((split) => ({ split, path: join(folder, `${split}.csv`) }));
    // Of its own: the same rows without an id are the data set of the other tests.
    const id = code.toLowerCase().replaceAll("_", "-");
    const imported = await stack.stepwire.datasets.import({ id, columns: { text: "text", label: "label" }, files });
    const job = { ...declaration().job, dataset: { id: imported.id }, maxSteps: endless };
    const study = await stack.stepwire.studies.create({ ...declaration(), job });
    for await (const { runs } of study.watch()) if (runs.some(({ step }) => step > 1)) break;
    const config = { natsUrl: stack.natsUrl, natsUser: stack.natsUser, natsPassword: stack.natsPassword };
    const connection = await connectNats(config, "test", createLogger("test", "silent"));
    const datasets = await openRecordStore<DatasetRecord>(connection, datasetBucket);
    await spoil(datasets, imported.id);
    await Promise.all([datasets.close(), connection.drain()]);
    await expect(study.result()).rejects.toThrow(message);
    expect((await stack.stepwire.studies.get(study.id)).error?.code).toBe(code);
    await expect.poll(async () => (await jobsOf(study.id)).every(isDone)).toBe(true);
  });

  it("is told everything that is wrong with its declaration at once, also what only the trainer knows", async () => {
    const [sgd, adamw] = declaration().arms ?? [];
    const wrong = declaration({
      arms: [
        { ...sgd, optimizer: { name: "sgdd" } },
        { ...adamw, search: { learning_rate: { values: [-1, 1e-3] } } },
      ],
      job: { ...declaration().job, batchSize: 0, model: "no-such-model" },
      margin: 5,
      level: 1,
      claims: [{ arm: "sgd", value: 0.5 }, {}],
    });
    const failure = await stack.stepwire.studies.create(wrong, { validateOnly: true }).catch((error: unknown) => error);
    expect((failure as { violations: { field: string }[] }).violations.map(({ field }) => field).toSorted()).toEqual([
      "study.arms[0].optimizer.name",
      "study.arms[1].search.learning_rate",
      "study.claims[0].source",
      "study.claims[1].arm",
      "study.claims[1].source",
      "study.claims[1].value",
      "study.job.batch_size",
      "study.job.model",
      "study.level",
      "study.margin",
    ]);
    const missing = await stack.stepwire.studies
      .create(declaration({ job: { dataset: { id: "nothing" } }, testSplit: "train" }))
      .catch((error: unknown) => error);
    expect((missing as { violations: { field: string }[] }).violations.map(({ field }) => field)).toEqual(["study.job.dataset.id"]);
    await expect(stack.stepwire.studies.create(declaration({ testSplit: "validation" }))).rejects.toThrow(/chosen by/);
  });
});

describe("stepwire study", () => {
  const addresses = () => ["--trainer-address", stack.trainerAddress, "--evaluator-address", stack.evaluatorAddress];
  const file = (change: (text: string) => string = (text) => text) =>
    change(
      [
        "id: from-a-file",
        "title: From a file",
        "purpose: demonstration",
        "dataset:",
        "  columns: { text: text, label: label }",
        "  files: { train: train.csv, validation: validation.csv, test: test.csv }",
        `job: { model: ${tinyModel("bert")}, max_steps: 2, batch_size: 4, max_length: 32 }`,
        "arms:",
        "  - name: sgd",
        "    optimizer: { name: sgd }",
        "  - name: adamw",
        "    optimizer: { name: adamw }",
        "seeds: [1]",
        "margin: 0.05",
        "",
      ].join("\n"),
    );

  it("runs a file to its report, says what it does meanwhile, and finds the same study when it is run again", async () => {
    const path = join(folder, "study.yaml");
    await writeFile(path, file());
    const output = join(folder, "report");
    const first = await runStepwire(["study", "run", path, "--output", output, "--json", ...addresses()]);
    expect(first.stderr).toContain("wrote report.md, report.json, report.html");
    expect(first.code).toBe(0);
    expect(first.lines.filter(({ type }) => type === "run")).toHaveLength(2);
    expect(first.lines.at(-1)).toMatchObject({ type: "report", study: "from-a-file", report: { schema_version: 1 } });
    expect(await readFile(join(output, "report.html"), "utf8")).toContain("supports no verdict");
    const again = await runStepwire(["study", "run", path, ...addresses()]);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("# From a file (shows the plumbing, supports no verdict)") });
    expect((await jobsOf("from-a-file")).length).toBe(2);
    const markdown = await runStepwire(["study", "report", path, ...addresses()]);
    expect(markdown.stdout).toBe(again.stdout);
    const listed = await runStepwire(["study", "list", ...addresses()]);
    expect(listed.stdout).toMatch(/from-a-file\s+SUCCEEDED\s+2\/2/);
  });

  it("says of a file whose study was cancelled that it does not start again", async () => {
    const path = join(folder, "cancelled.yaml");
    await writeFile(
      path,
      `id: cancelled\njob: { model: ${tinyModel("bert")}, dataset: { id: ${dataset} }, max_steps: ${endless} }\n` +
        "arms: [{ name: a, optimizer: { name: sgd } }, { name: b, optimizer: { name: adamw } }]\nseeds: [1, 2]\nmargin: 0.05\n",
    );
    expect(await runStepwire(["study", "run", path, "--detach", ...addresses()])).toMatchObject({ code: 0 });
    expect((await runStepwire(["study", "cancel", path, ...addresses()])).stdout).toContain("is being cancelled");
    await expect.poll(async () => (await stack.stepwire.studies.get("cancelled")).state).toBe("CANCELLED");
    const again = await runStepwire(["study", "run", path, ...addresses()]);
    expect(again.stderr).toContain("it ended before, CANCELLED, and is not started again; with another id in its file it is a new study");
    expect(again.code).not.toBe(0);
  });

  it("finds the same study when its file says it in other words, and says what is different where another has its id", async () => {
    const path = join(folder, "taken.yaml");
    const declare = (seeds: string, margin: string) =>
      writeFile(
        path,
        `job: { model: ${tinyModel("bert")}, dataset: { id: ${dataset} }, max_steps: ${endless} }\nid: taken\n` +
          `arms: [{ name: a, optimizer: { name: sgd } }, { name: b, optimizer: { name: adamw } }]\nseeds: ${seeds}\n${margin}\n`,
      );
    await declare("[1, 2]", "margin: 0.05");
    const start = () => runStepwire(["study", "run", path, "--detach", ...addresses()]);
    expect(await start()).toMatchObject({ code: 0, stdout: "taken\n" });
    await declare("[1, 2]", "margin: 0.05\nlevel: 0.95");
    expect(await start()).toMatchObject({ code: 0, stdout: "taken\n" });
    await declare("[1, 3]", "margin: 0.06");
    for (const flag of ["--validate-only", "--detach"]) {
      const other = await runStepwire(["study", "run", path, flag, ...addresses()]);
      expect(other.code).toBe(2);
      expect(other.stderr).toContain(`${path}:2: id: there is another study "taken": seeds, margin are different there`);
    }
    await stack.stepwire.studies.cancel("taken");
  });

  it("tells the line of every fault, those of the file and those that the services find", async () => {
    const path = join(folder, "wrong.yaml");
    await writeFile(
      path,
      file((text) =>
        text
          .replace("margin: 0.05", "margn: 0.05\nlevel: 2")
          .replace("seeds: [1]", "seeds: [one]")
          .replace("train.csv", "nothing.csv")
          .replace("name: sgd\n", "name: SGD\n"),
      ),
    );
    const own = await runStepwire(["study", "run", path, ...addresses()]);
    expect(own.code).toBe(2);
    expect(own.stderr).toContain(`${path}:14: margn: unknown field "margn"; did you mean "margin"?`);
    expect(own.stderr).toContain(`${path}:13: seeds[0]: "one" is not a whole number`);
    expect(own.stderr).toContain(`${path}:6: dataset.files.train: "nothing.csv" cannot be read`);
    // What only a service knows is told with it, and nothing that only follows from it.
    expect(own.stderr).toContain(`${path}:15: level: 2 is `);
    expect(own.stderr).toContain(`${path}:9: arms[0].name: "SGD" is not an id`);
    expect(own.stderr).toContain("5 fields are invalid");

    await writeFile(
      path,
      file((text) => text.replace("margin: 0.05", "margin: -1").replace("{ name: sgd }", "{ name: sgdd }")),
    );
    const found = await runStepwire(["study", "run", path, ...addresses()]);
    expect(found.code).toBe(2);
    expect(found.stderr).toContain(`${path}:14: margin: -1 is out of range`);

    await writeFile(
      path,
      file((text) => text.replace("max_steps: 2", 'max_steps: "2"').replace("{ name: sgd }", "{ name: sgdd }")),
    );
    const both = await runStepwire(["study", "run", path, ...addresses()]);
    expect(both.stderr).toContain(`${path}:7: job.max_steps: "2" is not a whole number`);
    expect(both.stderr).toMatch(/:10: arms\[0\]\.optimizer\.name: "sgdd" /);

    await writeFile(path, "arms: [\n  - {");
    const broken = await runStepwire(["study", "run", path, ...addresses()]);
    expect(broken.code).toBe(2);
    expect(broken.stderr).toContain(`${path}:2`);
    expect((await runStepwire(["study", "run", join(folder, "none.yaml"), ...addresses()])).stderr).toContain("there is no such file");
  });
});
