import { type ComparisonRequest, StepwireError } from "@stepwire/client";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { sharedStack, tinyModel } from "../support/localStack.js";
import { runCommand } from "../support/runCommand.js";
import { theProcess } from "../support/stackProcesses.js";

// Comparisons over gRPC, of jobs and evaluations that really ran.

let stack: Awaited<ReturnType<typeof sharedStack>>;
/** Ids of evaluations on the test split, by the job's name. */
const evaluations = new Map<string, string>();
/** One that is still waiting for its turn. */
let waiting = "";

beforeAll(async () => {
  stack = await sharedStack();
  const nouns = ["film", "movie", "plot", "story", "cast", "heart", "town", "year"];
  const csv = (from: number, to: number) =>
    `text,label\n${nouns
      .slice(from, to)
      .flatMap((noun) => [`a good ${noun},good`, `a bad ${noun},bad`, `thin ${noun},bad`])
      .join("\n")}\n`;
  const dataset = await stack.stepwire.datasets.import({
    columns: { text: "text", label: "label" },
    files: [
      { split: "train", content: csv(0, 4), format: "CSV" },
      { split: "validation", content: csv(4, 6), format: "CSV" },
      { split: "test", content: csv(4, 8), format: "CSV" },
    ],
  });
  const settings = { model: tinyModel("bert"), dataset: { id: dataset.id }, maxSteps: 6, maxLength: 16, batchSize: 4, evaluateEvery: 0 };
  const jobs = [
    { id: "adamw-one", optimizer: { name: "adamw", hyperparameters: { learning_rate: 0.01 } }, seed: 1 },
    { id: "adamw-two", optimizer: { name: "adamw", hyperparameters: { learning_rate: 0.01 } }, seed: 2 },
    { id: "sgd-one", optimizer: { name: "sgd", hyperparameters: { learning_rate: 1e-6 } }, seed: 1 },
    { id: "sgd-two", optimizer: { name: "sgd", hyperparameters: { learning_rate: 1e-6 } }, seed: 2 },
    { id: "larger-batches", optimizer: { name: "sgd", hyperparameters: { learning_rate: 1e-6 } }, seed: 1, batchSize: 8 },
  ];
  const handles = await Promise.all(jobs.map(({ id, ...job }) => stack.stepwire.jobs.create({ ...settings, ...job }, { id })));
  await Promise.all(handles.map((job) => job.result()));
  const created = await Promise.all(
    handles.map(({ id }) => stack.stepwire.evaluations.create({ trainingJob: id, split: "test" }, { id: `of-${id}` })),
  );
  for (const { id, trainingJob } of await Promise.all(created.map((evaluation) => evaluation.result()))) evaluations.set(trainingJob, id);
});

const of = (...jobs: readonly string[]): string[] => jobs.map((job) => evaluations.get(job) ?? "missing");

async function refusal(request: ComparisonRequest): Promise<string[]> {
  const error = await stack.stepwire.evaluations.compare(request).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StepwireError)) throw new Error("it was not refused", { cause: error });
  return error.violations.map(({ field, reason }) => `${field} ${reason}`);
}

describe("a comparison", () => {
  it("of methods over seeds says what it is about, what was equal and what was not", async () => {
    const comparison = await stack.stepwire.evaluations.compare({
      // Seeds come in any order and are paired.
      groups: [{ evaluations: of("adamw-one", "adamw-two") }, { name: "slow", evaluations: of("sgd-two", "sgd-one") }],
      margin: 0.1,
    });
    expect(comparison).toMatchObject({
      metric: "accuracy",
      higherIsBetter: true,
      examples: 12,
      level: 0.95,
      margin: 0.1,
      correction: "holm",
    });
    expect(comparison.groups.map(({ name, evaluations: ids }) => [name, ids])).toEqual([
      ["adamw", of("adamw-one", "adamw-two")],
      ["slow", of("sgd-one", "sgd-two")],
    ]);
    const [pair] = comparison.pairs;
    expect(pair).toMatchObject({ first: "adamw", second: "slow", test: "test of a two-way random effects model" });
    const shares = await Promise.all(
      of("adamw-one", "adamw-two", "sgd-one", "sgd-two").map(
        async (id) => (await stack.stepwire.evaluations.get(id)).metrics?.accuracy?.estimate ?? Number.NaN,
      ),
    );
    const [a = 0, b = 0, c = 0, d = 0] = shares;
    expect(pair?.difference?.estimate).toBeCloseTo((a + b - c - d) / 2, 12);
    expect(pair?.difference?.about).toBe("examples and seeds");
    expect(comparison.fairness?.different.map(({ name }) => name)).toEqual(["optimizer"]);
    expect(comparison.fairness?.equal.map(({ name }) => name)).toContain("base_weights");
  });

  it("of three models tells their overall test, and each interval its own level", async () => {
    const comparison = await stack.stepwire.evaluations.compare({
      groups: [
        { evaluations: of("adamw-one") },
        { name: "slow", evaluations: of("sgd-one") },
        { name: "larger", evaluations: of("larger-batches") },
      ],
      intendedDifferences: ["batch_size", "budget"],
      reference: "slow",
      interval: "newcombe",
    });
    expect(comparison.overall).toMatchObject({ test: "Cochran's Q", degreesOfFreedom: 2 });
    expect(comparison.pairs.map(({ first, second }) => `${first} ${second}`)).toEqual(["adamw slow", "larger slow"]);
    expect(comparison.pairs[0]).toMatchObject({
      difference: { level: 0.95, method: "newcombe", about: "examples" },
      simultaneousDifference: { level: expect.closeTo(0.975, 12) as number },
    });
    expect(comparison.pairs[0]?.reason).toContain("these two trained models, not about how they were trained");
    expect(comparison.fairness?.different.find(({ name }) => name === "batch_size")).toEqual({
      name: "batch_size",
      why: "The caller named it as intended.",
      values: [
        { group: "adamw", value: "4" },
        { group: "slow", value: "4" },
        { group: "larger", value: "8" },
      ],
    });
  });

  it("of losses and of macro F1 is made of the same predictions", async () => {
    for (const metric of ["loss", "macro_f1"]) {
      const { pairs, groups, higherIsBetter } = await stack.stepwire.evaluations.compare({
        groups: [{ evaluations: of("adamw-one") }, { evaluations: of("sgd-one") }],
        metric,
      });
      const { metrics } = await stack.stepwire.evaluations.get(of("sgd-one")[0] ?? "");
      expect(groups[1]?.estimate).toBeCloseTo((metric === "loss" ? metrics?.loss : metrics?.macroF1?.estimate) ?? Number.NaN, 6);
      expect(higherIsBetter).toBe(metric === "macro_f1");
      expect(pairs[0]?.test).toBe("t test with restricted likelihood");
      expect(pairs[0]?.difference).toMatchObject({ method: "restricted likelihood, t", about: "examples" });
    }
  });

  it("is refused with everything that is wrong at once", async () => {
    // It waits as long as the worker, which has nothing to do now, stands still.
    const worker = await theProcess(stack.dataFolder, "services/evaluator/worker/main.js");
    onTestFinished(() => void process.kill(worker, "SIGCONT"));
    process.kill(worker, "SIGSTOP");
    ({ id: waiting } = await stack.stepwire.evaluations.create({ trainingJob: "sgd-two", split: "validation" }));
    expect(
      await refusal({
        groups: [
          { name: "x", evaluations: of("adamw-one", "sgd-two") },
          { name: "x", evaluations: ["nobody", ...of("adamw-one")] },
          { evaluations: [...of("larger-batches"), waiting] },
        ],
        metric: "macro",
        level: 2,
        correction: "bonferoni",
        intendedDifferences: ["colour"],
      }),
    ).toEqual([
      "groups[1].evaluations[0] NOT_FOUND",
      "groups[1].evaluations[1] DUPLICATE",
      "groups[2].evaluations[1] NOT_SUCCEEDED",
      "groups[1].name DUPLICATE",
      "metric UNKNOWN_VALUE",
      "correction UNKNOWN_VALUE",
      "level OUT_OF_RANGE",
      "groups[0].evaluations[1] GROUP_DIFFERS",
      "groups BATCH_SIZE_DIFFERS",
      "groups BUDGET_DIFFERS",
      "intended_differences[0] UNKNOWN_VALUE",
    ]);
    expect(await refusal({ groups: [{ evaluations: of("adamw-one") }] })).toEqual(["groups OUT_OF_RANGE"]);
    expect(
      await refusal({
        groups: [{ evaluations: of("adamw-one", "adamw-two") }, { evaluations: of("sgd-one") }],
        intendedDifferences: ["schedule"],
      }),
    ).toEqual(["groups[1].evaluations COUNTS_DIFFER", "intended_differences[0] NOT_A_DIFFERENCE"]);
  });

  it("is printed by the command for people and as JSON, and refused with exit code 2", async () => {
    const flags = ["--evaluator-address", stack.evaluatorAddress];
    const shown = await runCommand(["compare", ...of("adamw-one", "sgd-one"), "--margin", "0.1", ...flags]);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(/^accuracy \(higher is better\) on 12 examples, one trained model each, margin 0\.1$/m);
    expect(shown.stdout).toMatch(/^adamw +sgd +-?[\d.]+ +-?[\d.]+ to -?[\d.]+ +[\d.<]+ +(BETTER|WORSE|EQUIVALENT|INCONCLUSIVE)$/m);
    expect(shown.stdout).toContain("Different: optimizer. This is what is compared.");
    const group = (name: string) => `${name}=${of(`${name}-one`, `${name}-two`).join(",")}`;
    const json = await runCommand(["compare", "--group", group("adamw"), "--group", group("sgd"), "--json", ...flags]);
    expect(json.code).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({ type: "comparison", metric: "accuracy", groups: [{ name: "adamw" }, { name: "sgd" }] });
    const refused = await runCommand(["compare", ...of("sgd-one", "larger-batches"), ...flags]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('<evaluation>: batch_size is not the same for all groups: 4 of "sgd-one"; 8 of "larger-batches"');
  });
});
