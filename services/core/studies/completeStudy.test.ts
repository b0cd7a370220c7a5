import { describe, expect, it } from "vitest";
import { completeStudy, type StudyDraft } from "./completeStudy.js";
import { costOf } from "../../../test/support/cpuTime.js";

const draft: StudyDraft = {
  job: { dataset: { id: "reviews" }, epochs: 1 },
  arms: [
    { name: "sgd", optimizer: { name: "sgd" }, search: { learning_rate: { min: 0.01, max: 0.1 } } },
    { name: "adamw", optimizer: { name: "adamw" }, search: { learning_rate: { values: [1e-4, 3e-4, 1e-3] } } },
  ],
  tuning: { trials: 3 },
  seeds: [1, 2, 3],
  margin: 0.01,
};
const faultsOf = (change: Partial<StudyDraft>, hasClasses = true) =>
  completeStudy({ ...draft, ...change }, hasClasses).faults.map(({ field, reason }) => `${field} ${reason}`);

describe("a study's declaration", () => {
  it("gets every default", () => {
    expect(completeStudy(draft, true)).toMatchObject({
      faults: [],
      declaration: {
        ...{ purpose: "comparison", testSplit: "test", metric: "accuracy", level: 0.95, correction: "holm", parallelism: 1, claims: [] },
        tuning: { trials: 3, method: "grid", metric: "accuracy", seeds: [0, 4, 5], searchSeed: 0 },
        arms: [{ name: "sgd", search: { learning_rate: { min: 0.01, max: 0.1, scale: "log" } } }, { name: "adamw" }],
      },
    });
    expect(completeStudy(draft, false).declaration).toMatchObject({ metric: "loss", tuning: { metric: "loss" } });
  });

  it("is told everything that is wrong with it at once", () => {
    const faults = faultsOf({
      job: { optimizer: { name: "sgd" }, seed: 3, resumeFrom: "job" },
      arms: [
        { name: "Sgd", optimizer: { name: "sgd" } },
        { name: "a", search: { lr: { min: 2, max: 1 } }, ablationOf: "nobody" },
        {
          name: "a",
          optimizer: { name: "adamw", hyperparameters: { learning_rate: 1 } },
          search: { learning_rate: { values: [1, 2, 2] } },
        },
      ],
      tuning: { trials: 3, method: "bayes", metric: "f1", seeds: [1] },
      seeds: [1, 1],
      margin: 0,
      level: 1,
      correction: "none",
      reference: "b",
      parallelism: 0,
      claims: [{ arm: "z", value: Number.NaN, source: "" }],
      metric: "speed",
      purpose: "fun",
    });
    expect(faults.toSorted()).toEqual(
      [
        "study.job.optimizer MISPLACED",
        "study.job.seed MISPLACED",
        "study.job.dataset.id REQUIRED",
        "study.job.resume_from UNSUPPORTED",
        "study.purpose UNKNOWN_VALUE",
        "study.seeds DUPLICATE",
        "study.tuning.method UNKNOWN_VALUE",
        "study.tuning.metric UNKNOWN_VALUE",
        "study.tuning.seeds CONFLICT",
        "study.arms[0].name INVALID_ID",
        "study.arms[0].search UNEQUAL_TRIALS",
        "study.arms[1].optimizer REQUIRED",
        "study.arms[1].ablation_of NOT_FOUND",
        "study.arms[1].search.lr OUT_OF_RANGE",
        "study.arms[2].name DUPLICATE",
        "study.arms[2].search.learning_rate CONFLICT",
        "study.arms[2].search.learning_rate.values DUPLICATE",
        "study.reference NOT_FOUND",
        "study.claims[0].arm NOT_FOUND",
        "study.claims[0].source REQUIRED",
        "study.claims[0].value OUT_OF_RANGE",
        "study.metric UNKNOWN_VALUE",
        "study.margin OUT_OF_RANGE",
        "study.level OUT_OF_RANGE",
        "study.correction UNKNOWN_VALUE",
        "study.parallelism OUT_OF_RANGE",
      ].toSorted(),
    );
  });

  it("gives every arm the same number of trials, and compares nothing with itself", () => {
    const [sgd, adamw] = draft.arms ?? [];
    expect(sgd && adamw && faultsOf({ arms: [sgd, { ...adamw, search: { learning_rate: { values: [1e-4, 1e-3] } } }] })).toEqual([
      "study.arms[1].search UNEQUAL_TRIALS",
    ]);
    expect(sgd && faultsOf({ arms: [sgd, { ...sgd, name: "other" }] })).toEqual(["study.arms[1] DUPLICATE"]);
    expect(sgd && faultsOf({ arms: [sgd] })).toEqual(["study.arms TOO_FEW"]);
  });

  it("takes one seed for a demonstration only, and never tunes with a seed that it measures with", () => {
    expect(faultsOf({ seeds: [1] })).toEqual(["study.seeds TOO_FEW"]);
    expect(faultsOf({ seeds: [1], purpose: "demonstration" })).toEqual([]);
    expect(faultsOf({ seeds: [0, 1], tuning: { trials: 3, seeds: [5, 1] } })).toEqual(["study.tuning.seeds CONFLICT"]);
    // Left out, they are three that are free; where nothing is tuned it matters to nothing.
    expect(completeStudy({ ...draft, seeds: [0, 2, 3] }, true).declaration.tuning.seeds).toEqual([1, 4, 5]);
    expect(completeStudy({ ...draft, seeds: [0, 2, 3], tuning: {} }, true).declaration.tuning.seeds).toEqual([1]);
    expect(faultsOf({ seeds: [] })).toEqual(["study.seeds REQUIRED"]);
  });

  it("compares the pairs that it declares, each of two arms that are there, once, and names no reference beside them", () => {
    const contrasts = [{ first: "adamw", second: "sgd" }];
    expect(completeStudy({ ...draft, contrasts }, true)).toMatchObject({ faults: [], declaration: { contrasts } });
    expect(completeStudy(draft, true).declaration).not.toHaveProperty("contrasts");
    expect(faultsOf({ contrasts, reference: "sgd" })).toEqual(["study.contrasts CONFLICT"]);
    expect(
      faultsOf({
        contrasts: [
          { first: "adamw" },
          { first: "sgd", second: "sgd" },
          ...contrasts,
          { first: "sgd", second: "adamw" },
          { second: "lion" },
        ],
      }),
    ).toEqual([
      "study.contrasts[0].second REQUIRED",
      "study.contrasts[1] CONFLICT",
      "study.contrasts[3] DUPLICATE",
      "study.contrasts[4].first REQUIRED",
      "study.contrasts[4].second NOT_FOUND",
    ]);
    expect(faultsOf({ contrasts: Array.from({ length: 501 }, () => ({ first: "adamw", second: "sgd" })) })).toEqual([
      "study.contrasts TOO_MANY",
    ]);
  });

  it("is refused for every setting that its comparison would refuse when all is trained", () => {
    for (const margin of [1, 1.5, 0, -1, Number.NaN, Infinity]) expect(faultsOf({ margin })).toEqual(["study.margin OUT_OF_RANGE"]);
    expect(faultsOf({ metric: "loss", margin: 1 })).toEqual([]);
    expect(faultsOf({ metric: "loss", margin: 1e10 })).toEqual(["study.margin OUT_OF_RANGE"]);
    expect(faultsOf({ metric: "roc_auc", margin: 1, level: 0, correction: "none" })).toEqual([
      "study.correction UNKNOWN_VALUE",
      "study.level OUT_OF_RANGE",
      "study.margin OUT_OF_RANGE",
    ]);
    expect(faultsOf({ metric: "accuracy" }, false)).toEqual(["study.metric UNKNOWN_VALUE"]);
  });

  it("has a margin that was declared beforehand, and no more runs than a record holds", () => {
    const { margin: _margin, ...rest } = draft;
    expect(completeStudy(rest, true).faults.map(({ field }) => field)).toEqual(["study.margin"]);
    const hundred = (from: number) => Array.from({ length: 100 }, (_, index) => from + index);
    const third = { name: "lion", optimizer: { name: "lion" }, search: { learning_rate: { min: 1e-5, max: 1e-3 } } };
    const many = { arms: [...(draft.arms ?? []), third], seeds: hundred(1), tuning: { trials: 3, seeds: hundred(1000) } };
    expect(faultsOf(many)).toEqual(["study.arms TOO_MANY"]);
  });

  it("is refused for absurd lists without looking through them", async () => {
    const values = Array.from({ length: 500_000 }, (_, index) => index + 1);
    const [, adamw] = draft.arms ?? [];
    const { result: faults, units } = await costOf(() =>
      faultsOf({
        arms: [{ name: "sgd", optimizer: { name: "sgd" }, search: { learning_rate: { values } } }, adamw ?? {}],
        seeds: values,
        tuning: { trials: 3, seeds: values },
        claims: values.map((value) => ({ arm: "sgd", value, source: "a paper" })),
      }),
    );
    expect(faults.toSorted()).toEqual(
      [
        "study.arms[0].search.learning_rate.values TOO_MANY",
        "study.claims TOO_MANY",
        "study.seeds TOO_MANY",
        "study.tuning.seeds CONFLICT",
        "study.tuning.seeds TOO_MANY",
      ].toSorted(),
    );
    // Each with each would take minutes.
    expect(units).toBeLessThan(250);
  });

  it("names what an arm or a claim lacks, and takes a claim of 0", () => {
    const [sgd, adamw] = draft.arms ?? [];
    const { name: _name, ...nameless } = sgd ?? {};
    expect(faultsOf({ arms: [nameless, adamw ?? {}], claims: [{}] })).toEqual([
      "study.arms[0].name INVALID_ID",
      "study.claims[0].arm REQUIRED",
      "study.claims[0].source REQUIRED",
      "study.claims[0].value REQUIRED",
    ]);
    const claim = (value: number) => ({ claims: [{ arm: "sgd", value, source: "a paper" }] });
    expect(completeStudy({ ...draft, ...claim(0) }, true)).toMatchObject({ faults: [], declaration: { claims: [{ value: 0 }] } });
    expect(faultsOf(claim(-40))).toEqual(["study.claims[0].value OUT_OF_RANGE"]);
    expect(faultsOf({ ...claim(40), metric: "loss" })).toEqual([]);
  });

  it("has no arms that are ablations of one another in a circle", () => {
    const [sgd, adamw] = draft.arms ?? [];
    const third = { name: "lion", optimizer: { name: "lion" }, search: { learning_rate: { min: 1e-5, max: 1e-3 } } };
    const arms = (...of: (string | undefined)[]) => ({
      arms: [sgd, adamw, third].map((arm, index) => ({ ...arm, ...(of[index] !== undefined && { ablationOf: of[index] }) })),
    });
    expect(faultsOf(arms("adamw", "sgd"))).toEqual(["study.arms[0].ablation_of CONFLICT"]);
    expect(faultsOf(arms("lion", "sgd", "adamw"))).toEqual(["study.arms[0].ablation_of CONFLICT"]);
    expect(faultsOf(arms(undefined, "sgd", "adamw"))).toEqual([]);
  });
});
