import { expect, it } from "vitest";
import { averagingFaults } from "./averagingFaults.js";
import { validateOptimizer } from "./validateOptimizer.js";

const start = (swa_start: number) =>
  validateOptimizer({ name: "adamw", wrappers: [{ name: "stochastic_weight_average", hyperparameters: { swa_start } }] }, "o").selection;

it("an average that begins with the last step has something in it", () => expect(averagingFaults(start(100), 100, "o")).toEqual([]));

it("an average that begins later is refused", () =>
  expect(averagingFaults(start(101), 100, "o")).toEqual([
    {
      field: "o.wrappers[0].hyperparameters.swa_start",
      reason: "OUT_OF_RANGE",
      description: "101 is after the last of 100 steps: nothing would be averaged; at most 100 is allowed",
    },
  ]));
