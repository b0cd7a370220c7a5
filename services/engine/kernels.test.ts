import { expect, test, vi } from "vitest";
import { resolveOptimizer } from "#core/optimizers/resolveOptimizer.js";
import { createOptimizer } from "./optimizer/createOptimizer.js";
import { loadKernels } from "./kernels.js";

test("STEPWIRE_KERNELS=off leaves optimizers to the tensor executor, and says so to whoever insists", () => {
  vi.stubEnv("STEPWIRE_KERNELS", "off");
  expect(loadKernels()).toEqual({ available: false, reason: "STEPWIRE_KERNELS=off" });
  const parameters = {
    names: [],
    get: () => expect.fail("there are no parameters"),
    assign: () => undefined,
    exchange: () => expect.fail("there are none"),
  };
  const hyperparameters = { learning_rate: 0.1, momentum: 0, dampening: 0, nesterov: false, weight_decay: 0 };
  const options = { optimizer: resolveOptimizer({ name: "sgd", hyperparameters }), parameters };
  expect(createOptimizer(options).executor).toBe("tensor");
  expect(() => createOptimizer({ ...options, executor: "native" })).toThrow(
    "the native optimizer executor cannot run: STEPWIRE_KERNELS=off",
  );
  vi.unstubAllEnvs();
});
