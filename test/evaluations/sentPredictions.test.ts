import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type ClassRow, StepwireError } from "@stepwire/client";
import * as grpc from "@grpc/grpc-js";
import { type EvaluatePredictionsRequestInput, type Evaluation, loadContract } from "@stepwire/proto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { SentLimits } from "#evaluator/sentPredictions/evaluatePredictions.js";
import { startTestServices, type TestServices } from "../datasets/testServices.js";
import { startTestBroker, type TestBroker } from "../platform/testBroker.js";
import { costOfTurns } from "../support/cpuTime.js";

interface Goldens {
  classifiers: {
    labels: number[];
    probabilities: number[][];
    matrix: number[][];
    micro_f1: number;
    brier: number;
    calibration_error: number;
    roc_auc: { estimate: number; lower: number; upper: number };
  }[];
  clusters: { values: number[]; groups: number[]; level: number; estimate: number; lower: number; upper: number }[];
}
const goldens = JSON.parse(readFileSync(new URL("../../test/goldens/statistics/metric_goldens.json", import.meta.url), "utf8")) as Goldens;

let broker: TestBroker;
let server: TestServices | undefined;
const start = async (limits: Partial<SentLimits> = {}) => (server = await startTestServices(broker, {}, limits));
beforeAll(async () => {
  broker = await startTestBroker();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});
afterAll(() => broker.remove());

const about = { model: "mine", dataset: "reviews", classes: ["bad", "good"] };
const rows = (count: number): ClassRow[] =>
  Array.from({ length: count }, (_, index) => ({ label: index % 2, probabilities: index % 3 === 0 ? [0.75, 0.25] : [0.25, 0.75] }));

async function failure(promise: Promise<unknown>): Promise<StepwireError> {
  const reason = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(reason).toBeInstanceOf(StepwireError);
  return reason as StepwireError;
}
const faultsOf = async (promise: Promise<unknown>) => (await failure(promise)).violations.map(({ field, reason }) => `${field} ${reason}`);

async function nothingIsLeft(services: TestServices): Promise<void> {
  await expect.poll(() => services.left()).toEqual([]);
  expect(services.evaluations.find(() => true)).toEqual([]);
}

/** A call whose messages a test writes itself. */
async function send(
  { evaluatorAddress: address }: TestServices,
  messages: readonly EvaluatePredictionsRequestInput[],
): Promise<Evaluation> {
  const client = new (loadContract().grpc.stepwire.v1.EvaluatorService)(address, grpc.credentials.createInsecure());
  try {
    return await new Promise((resolve, reject) => {
      const call = client.EvaluatePredictions((error, evaluation) =>
        evaluation ? resolve(evaluation) : reject(StepwireError.from(error)),
      );
      for (const message of messages) call.write(message);
      call.end();
    });
  } finally {
    client.close();
  }
}

describe("predictions that were made elsewhere", () => {
  it("get scikit-learn's metrics, with intervals, and are stored row by row", async () => {
    const { stepwire } = await start();
    for (const { labels, probabilities, ...golden } of goldens.classifiers) {
      const classes = golden.matrix.map((_, id) => `class ${id}`);
      const sent = labels.map((label, index) => ({ label: `class ${label}`, probabilities: probabilities[index] ?? [] }));
      const evaluation = await stepwire.evaluations.fromPredictions({ ...about, classes, rows: sent });
      const { metrics } = evaluation;
      expect(evaluation).toMatchObject({
        state: "SUCCEEDED",
        trainingJob: "",
        source: { model: "mine", dataset: "reviews", task: "classification" },
      });
      expect(metrics?.confusionMatrix.map(({ counts }) => counts)).toEqual(golden.matrix);
      expect(metrics?.microF1?.estimate).toBeCloseTo(golden.micro_f1, 12);
      expect(metrics?.brier?.estimate).toBeCloseTo(golden.brier, 12);
      expect(metrics?.calibrationError?.estimate).toBeCloseTo(golden.calibration_error, 12);
      for (const bound of ["estimate", "lower", "upper"] as const) expect(metrics?.rocAuc?.[bound]).toBeCloseTo(golden.roc_auc[bound], 12);
      const lines = readFileSync(metrics?.predictions ?? "", "utf8")
        .trimEnd()
        .split("\n");
      expect(lines).toHaveLength(labels.length);
      expect(JSON.parse(lines[1] ?? "")).toMatchObject({ index: 1, label: labels[1], probabilities: probabilities[1] });
      expect(await stepwire.evaluations.get(evaluation.id)).toMatchObject({ metrics: { accuracy: metrics?.accuracy } });
    }
  });

  it("without probabilities have an accuracy and F1, and no loss", async () => {
    const { stepwire } = await start();
    const sent = [{ label: "bad", predicted: "good" }, ...Array.from({ length: 9 }, () => ({ label: "good", predicted: "good" }))];
    const { metrics } = await stepwire.evaluations.fromPredictions({ ...about, rows: sent, interval: "jeffreys", level: 0.9 });
    expect(metrics?.accuracy).toMatchObject({ estimate: 0.9, method: "jeffreys", level: 0.9 });
    expect(metrics?.macroF1?.estimate).toBeCloseTo(9 / 19, 12);
    expect([metrics?.loss, metrics?.brier, metrics?.rocAuc]).toEqual([undefined, undefined, undefined]);
  });

  it("in groups have clustered intervals, as statsmodels has them, and none where examples are taken for independent", async () => {
    const { stepwire } = await start();
    const binary = goldens.clusters.filter(({ values }) => values.every((value) => value === 0 || value === 1));
    expect(binary.length).toBeGreaterThan(0);
    for (const { values, groups, level, ...golden } of binary) {
      const sent = values.map((value, index) => ({ label: 1, predicted: value, group: `document ${groups[index] ?? 0}` }));
      const { metrics } = await stepwire.evaluations.fromPredictions({ ...about, rows: sent, level });
      expect(metrics?.accuracy?.method).toBe("clustered, t");
      // statsmodels' bounds know nothing of a share's range.
      for (const bound of ["estimate", "lower", "upper"] as const)
        expect(metrics?.accuracy?.[bound]).toBeCloseTo(Math.min(1, Math.max(0, golden[bound])), 9);
      expect(metrics?.macroF1?.unavailable).toContain("alike");
    }
  });

  it("in groups are compared by their groups, which have to be the same", async () => {
    const { stepwire } = await start();
    // One of the two is wrong about whole documents of five sentences each.
    const sent = (model: string, isWrong: (document: number) => boolean, size = 5) =>
      stepwire.evaluations.fromPredictions({
        ...{ ...about, model },
        rows: Array.from({ length: 300 }, (_, index) => ({
          label: index % 2,
          predicted: isWrong(Math.floor(index / 5)) ? 1 - (index % 2) : index % 2,
          group: `document ${Math.floor(index / size)}`,
        })),
      });
    const compared = async (first: string, second: string) =>
      await stepwire.evaluations.compare({ groups: [{ evaluations: [first] }, { evaluations: [second] }] });
    const [right, wrong] = [await sent("right", () => false), await sent("wrong", (document) => document % 15 === 0)];
    const comparison = await compared(right.id, wrong.id);
    expect(right.source?.grouped).toBe(true);
    expect(comparison).toMatchObject({ examples: 300, exampleGroups: 60 });
    // 4 of 60 documents, where 20 of 300 sentences would be proof.
    expect(comparison.pairs[0]).toMatchObject({ verdict: "INCONCLUSIVE", test: "t test with restricted likelihood" });
    expect(comparison.pairs[0]?.reason).toContain("the examples came in 60 groups of alike ones, which are what counts");
    expect(comparison.pairs[0]?.needed?.what).toMatch(/groups of examples \(there are 60\)/);
    const alone = await sent("alone", () => false, 1);
    const other = await sent("other", (document) => document % 15 === 0, 1);
    expect(await compared(alone.id, other.id)).toMatchObject({ exampleGroups: 300, pairs: [{ verdict: "BETTER" }] });
    expect(await faultsOf(compared(right.id, other.id))).toEqual(["groups SPLIT_DIGEST_DIFFERS"]);
  });

  it("of numbers and of completions have their losses", async () => {
    const { stepwire } = await start();
    const numbers = await stepwire.evaluations.fromPredictions({
      ...{ model: "mine", dataset: "stars", task: "regression" },
      rows: [1, 2, 3, 4].map((target) => ({ target, predicted: target + target / 10 })),
    });
    expect(numbers.metrics?.loss).toBeCloseTo((0.01 + 0.04 + 0.09 + 0.16) / 4, 12);
    const completions = await stepwire.evaluations.fromPredictions({
      ...{ model: "mine", dataset: "stories", task: "causal_lm" },
      rows: [
        { loss: 3, tokens: 4, correct: 2 },
        { loss: 5, tokens: 6, correct: 1 },
      ],
    });
    expect(completions.metrics?.perplexity?.estimate).toBeCloseTo(Math.exp(0.8), 12);
    expect(completions.metrics?.accuracy?.estimate).toBeCloseTo(0.3, 12);
  });

  it("with a true class of probability 0 have an infinite loss that says so", async () => {
    const { stepwire } = await start();
    const sent = [...rows(10), { label: 0, probabilities: [0, 1] }];
    const { metrics } = await stepwire.evaluations.fromPredictions({ ...about, rows: sent });
    expect(metrics?.loss).toBe(Infinity);
    expect(metrics?.lossInterval?.unavailable).toContain("probability of its true class is 0");
    expect(metrics?.brier?.lower).toBeGreaterThan(0);
  });

  it("are the same evaluation when they are sent again under its id, and another is refused", async () => {
    const services = await start();
    const { evaluations } = services.stepwire;
    const first = await evaluations.fromPredictions({ ...about, id: "mine-1", rows: rows(20) });
    const again = await evaluations.fromPredictions({ ...about, id: "mine-1", rows: rows(20) });
    expect(again.uid).toBe(first.uid);
    expect((await services.left()).filter((path) => path.endsWith("predictions.jsonl"))).toHaveLength(1);
    expect(await failure(evaluations.fromPredictions({ ...about, id: "mine-1", rows: rows(21) }))).toMatchObject({
      code: "ALREADY_EXISTS",
    });
    expect((await services.left()).filter((path) => path.endsWith("predictions.jsonl"))).toHaveLength(1);
  });

  it("are compared, paired row by row, when they are of the same examples", async () => {
    const { stepwire } = await start();
    const sent = (model: string, wrongEvery: number, seed: number, dataset = "reviews") =>
      stepwire.evaluations.fromPredictions({
        ...{ ...about, model, seed, dataset },
        rows: Array.from({ length: 300 }, (_, index) => {
          const right = (index + seed) % wrongEvery !== 0;
          return { label: index % 2, predicted: right ? index % 2 : 1 - (index % 2) };
        }),
      });
    const [strong, weak] = [await sent("strong", 50, 1), await sent("weak", 3, 1)];
    const comparison = await stepwire.evaluations.compare({ groups: [{ evaluations: [strong.id] }, { evaluations: [weak.id] }] });
    expect(comparison.groups.map(({ name }) => name)).toEqual(["strong", "weak"]);
    expect(comparison.pairs[0]).toMatchObject({ verdict: "BETTER", first: "strong", second: "weak" });
    expect(comparison.fairness?.different.find(({ name }) => name === "training")?.why).toContain("made elsewhere");

    const seeds = [await sent("strong", 50, 2), await sent("weak", 3, 2)];
    const methods = await stepwire.evaluations.compare({
      groups: [{ evaluations: [strong.id, seeds[0]?.id ?? ""] }, { evaluations: [weak.id, seeds[1]?.id ?? ""] }],
    });
    expect(methods.pairs[0]?.difference?.about).toBe("examples and seeds");

    const other = await sent("other", 5, 1, "reviews of another year");
    expect(await faultsOf(stepwire.evaluations.compare({ groups: [{ evaluations: [strong.id] }, { evaluations: [other.id] }] }))).toEqual([
      "groups SPLIT_DIGEST_DIFFERS",
    ]);
  });
});

describe("predictions with probabilities", () => {
  it("are compared by ranking, by calibration and by what the confusion matrix gives; those without by the last only", async () => {
    const { stepwire } = await start();
    const sent = (model: string, gain: number, withProbabilities: boolean) =>
      stepwire.evaluations.fromPredictions({
        ...{ ...about, model },
        rows: Array.from({ length: 400 }, (_, index) => {
          const score = 1 / (1 + Math.exp(-Math.sin(index * index) * 2 - gain * ((index % 2) - 0.5)));
          return { label: index % 2, ...(withProbabilities ? { probabilities: [1 - score, score] } : { predicted: Number(score > 0.5) }) };
        }),
      });
    const [sharp, dull, bare] = [await sent("sharp", 4, true), await sent("dull", 0.5, true), await sent("bare", 0.5, false)];
    for (const metric of ["roc_auc", "brier", "balanced_accuracy", "matthews_correlation"] as const) {
      const comparison = await stepwire.evaluations.compare({ groups: [{ evaluations: [sharp.id] }, { evaluations: [dull.id] }], metric });
      expect(comparison.pairs[0]?.verdict, metric).toBe("BETTER");
      const names = {
        roc_auc: "rocAuc",
        brier: "brier",
        balanced_accuracy: "balancedAccuracy",
        matthews_correlation: "matthewsCorrelation",
      } as const;
      expect(comparison.groups[0]?.estimate).toBeCloseTo(sharp.metrics?.[names[metric]]?.estimate ?? Number.NaN, 10);
    }
    const without = (metric: string) =>
      stepwire.evaluations.compare({ groups: [{ evaluations: [sharp.id] }, { evaluations: [bare.id] }], metric });
    expect((await without("macro_f1")).pairs[0]?.verdict).toBe("BETTER");
    expect((await failure(without("roc_auc"))).message).toContain("row 0 has no probabilities");
  });
});

describe("bad predictions", () => {
  it("are refused row by row, the first hundred faults of all, and nothing is stored", async () => {
    const services = await start();
    const of = (messages: EvaluatePredictionsRequestInput[]) =>
      send(services, [{ header: { source: { model: "mine", dataset: "reviews" }, classes: ["bad", "good"] } }, ...messages]);
    const faulty = {
      labels: [0, 5, 1, 1],
      predicted: [1, 0, 9, 1],
      probabilities: [0.5, 0.5, 0.5, 0.5, 0.2, 0.2, Number.NaN, 1],
    };
    const error = await failure(of([{ rows: faulty }]));
    expect(error.violations.map(({ field, description }) => `${field}: ${description}`)).toEqual([
      "rows[1].label: 5 is not a class; allowed: 0 to 1",
      "rows[2].predicted: 9 is not a class; allowed: 0 to 1",
      "rows[2].probabilities: add up to 0.4; allowed: 1, within 0.001",
      "rows[3].probabilities[0]: NaN is not a probability; allowed: 0 to 1",
    ]);
    const many = await failure(of([{ rows: { labels: Array<number>(250).fill(7), predicted: Array<number>(250).fill(0) } }]));
    // As many as a gRPC status holds.
    expect(many.violations.length).toBeGreaterThan(40);
    expect(many.violations.at(-1)?.description).toMatch(/and \d+ more/);
    await nothingIsLeft(services);
  });

  it("are refused with all that is wrong with the header", async () => {
    const services = await start();
    const { evaluations } = services.stepwire;
    const wrong = {
      id: "Not An Id",
      model: "",
      dataset: "x".repeat(101),
      task: "clasification",
      classes: ["a", "a", ""],
      level: 2,
      interval: "wald",
    };
    expect(await faultsOf(evaluations.fromPredictions({ ...wrong, rows: [{ label: 0, predicted: 0 }] }))).toEqual([
      "header.evaluation_id INVALID_ID",
      "header.source.model REQUIRED",
      "header.source.dataset TOO_LONG",
      "header.source.task UNKNOWN_VALUE",
      "header.classes[1] DUPLICATE",
      "header.classes[2] REQUIRED",
      "header.level OUT_OF_RANGE",
      "header.interval UNKNOWN_VALUE",
    ]);
    expect(await faultsOf(evaluations.fromPredictions({ ...about, rows: [] }))).toEqual(["rows REQUIRED"]);
    expect(await faultsOf(evaluations.fromPredictions({ model: "m", dataset: "d", task: "regression", classes: ["a"], rows: [] }))).toEqual(
      ["header.classes CONFLICT"],
    );
    await nothingIsLeft(services);
  });

  it("are refused where messages are out of order or columns do not fit", async () => {
    const services = await start();
    const header = { header: { source: { model: "mine", dataset: "reviews" }, classes: ["bad", "good"] } };
    const good = { rows: { labels: [0, 1], predicted: [0, 1] } };
    const of = (...messages: EvaluatePredictionsRequestInput[]) => faultsOf(send(services, messages));
    expect(await of()).toEqual(["header REQUIRED"]);
    expect(await of(good)).toEqual(["header OUT_OF_ORDER"]);
    expect(await of(header, good, header)).toEqual(["header OUT_OF_ORDER"]);
    expect(await of(header, {})).toEqual(["part REQUIRED"]);
    expect(await of(header, { rows: { labels: [0, 1] } })).toEqual(["rows REQUIRED"]);
    expect(await of(header, { rows: { predicted: [0, 1] } })).toEqual(["rows.labels REQUIRED"]);
    expect(await of(header, { rows: { labels: [0, 1], predicted: [0], targets: [1] } })).toEqual([
      "rows.targets CONFLICT",
      "rows.predicted COUNTS_DIFFER",
    ]);
    expect(await of(header, { rows: { labels: [0, 1], probabilities: [1, 0, 1] } })).toEqual(["rows.probabilities COUNTS_DIFFER"]);
    expect(await of(header, good, { rows: { labels: [0], probabilities: [1, 0] } })).toEqual(["rows COLUMNS_DIFFER"]);
    await nothingIsLeft(services);
  });

  it("are refused by the client row by row before they are sent whole", async () => {
    const services = await start();
    const wrong = [
      { label: "god", predicted: "good" },
      { label: "good" },
      { label: 1, probabilities: [1] },
      7,
      { label: 1, predicted: 0, lable: 1 },
    ];
    expect(await faultsOf(services.stepwire.evaluations.fromPredictions({ ...about, rows: wrong as ClassRow[] }))).toEqual([
      "rows[0].label UNKNOWN_VALUE",
      "rows[1] REQUIRED",
      "rows[2] COLUMNS_DIFFER",
      "rows[2].probabilities COUNTS_DIFFER",
      "rows[3] WRONG_TYPE",
      "rows[4].lable UNKNOWN_FIELD",
    ]);
    async function* broken() {
      yield* rows(20_000);
      await Promise.reject(new Error("the disk is gone"));
    }
    expect((await failure(services.stepwire.evaluations.fromPredictions({ ...about, rows: broken() }))).message).toContain(
      "the disk is gone",
    );
    await nothingIsLeft(services);
  });

  it("leave nothing when the caller goes away or the process that measures takes too much memory", async () => {
    const services = await start({ memoryMegabytes: 40 });
    expect(await failure(services.stepwire.evaluations.fromPredictions({ ...about, rows: rows(50_000) }))).toMatchObject({
      code: "RESOURCE_EXHAUSTED",
      reason: "PREDICTIONS_TOO_LARGE",
    });
    const leaving = new AbortController();
    async function* endless() {
      for (;;) {
        yield* rows(10_000);
        if (!leaving.signal.aborted) setTimeout(() => leaving.abort(), 200);
        await sleep(20);
      }
    }
    const error = await failure(services.stepwire.evaluations.fromPredictions({ ...about, rows: endless() }, { signal: leaving.signal }));
    expect(error.code).toBe("CANCELLED");
    await nothingIsLeft(services);
  });
});

it("a million predictions are measured in bounded memory, while the service goes on answering", async () => {
  const count = 1_000_000;
  const services = await start();
  function* many(): Generator<ClassRow> {
    for (let index = 0; index < count; index++) {
      const score = 1 / (1 + Math.exp(-Math.sin(index * index) * 3 - (index % 2)));
      yield { label: index % 2, probabilities: [1 - score, score] };
    }
  }
  let most = 0;
  // Beside the loop whose delay is measured.
  const watch = setInterval(() => {
    execFile("ps", ["-o", "rss=,args=", "--ppid", String(process.pid)], (_error, own) => {
      for (const line of own.split("\n"))
        if (line.includes("sentPredictions/runner")) most = Math.max(most, Number.parseInt(line, 10) / 1024);
    });
  }, 100);
  let usualTurn = Number.NaN;
  try {
    const { result, usual } = await costOfTurns(() => services.stepwire.evaluations.fromPredictions({ ...about, rows: many() }));
    usualTurn = usual;
    const { metrics } = result;
    expect(metrics?.examples).toBe(count);
    expect(metrics?.rocAuc?.upper).toBeGreaterThan(metrics?.rocAuc?.estimate ?? 1);
    expect(metrics?.calibrationError?.lower).toBeLessThan(metrics?.calibrationError?.upper ?? 0);
  } finally {
    clearInterval(watch);
  }
  // 65 MB of columns, and a process of Node.
  expect(most).toBeGreaterThan(40);
  expect(most).toBeLessThan(350);
  // Client and service share this loop.
  expect(usualTurn).toBeLessThan(12);
});
