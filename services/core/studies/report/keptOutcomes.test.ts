import { expect, it } from "vitest";
import type { Outcomes } from "../../comparisons/outcomes.js";
import { alikeArms, keptOutcomes } from "./keptOutcomes.js";
import type { RunOutcome } from "./runOutcome.js";

const outcome = (arm: string, seed: number, outcomes: Outcomes): RunOutcome => ({
  run: { arm, seed, phase: "FINAL", trial: 1, hyperparameters: {}, trainingJob: `${arm}-${seed}`, state: "SUCCEEDED" },
  ...{ outcomes, splitDigest: "d", curve: { loss: [], validation: [] } },
});
const means = (arm: string, seed: number, ...values: number[]) => outcome(arm, seed, { kind: "mean", values });

it("right and wrong are kept as a text, other outcomes as numbers", () => {
  expect(keptOutcomes([means("a", 1, 1, 0, 1)])).toEqual({ runs: [{ arm: "a", seed: 1, right: "101" }] });
  expect(keptOutcomes([means("a", 1, 0.1234567890123, 2)]).runs).toEqual([{ arm: "a", seed: 1, values: [0.123456789, 2] }]);
  expect(keptOutcomes([outcome("a", 1, { kind: "ratio", sums: [1.5], counts: [3] })]).runs).toEqual([
    { arm: "a", seed: 1, sums: [1.5], counts: [3] },
  ]);
  expect(keptOutcomes([outcome("a", 1, { kind: "classes", labels: [0, 1], predicted: [1, 1], classes: 2 })])).toEqual({
    labels: [0, 1],
    runs: [{ arm: "a", seed: 1, predicted: [1, 1] }],
  });
});

it("arms are alike that agree on every example with every seed", () => {
  const finals = [
    ...[means("a", 1, 1, 0), means("a", 2, 1, 1)],
    ...[means("b", 2, 1, 1), means("b", 1, 1, 0)],
    ...[means("c", 1, 1, 0), means("c", 2, 0, 1)],
  ];
  expect(alikeArms(finals, ["a", "b", "c", "failed"])).toEqual([["a", "b"]]);
});
