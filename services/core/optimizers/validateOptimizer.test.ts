import { describe, expect, test } from "vitest";
import { optimizers } from "./catalogue.js";
import { validateOptimizer } from "./validateOptimizer.js";

const validate = (name: string, given: Record<string, unknown> = {}) => {
  const { faults, selection } = validateOptimizer({ name, hyperparameters: given }, "training_job.optimizer");
  return { faults, hyperparameters: selection.hyperparameters };
};
const at = (name: string) => `training_job.optimizer.hyperparameters.${name}`;

const nesterovFault = (momentum: number, dampening: number) => ({
  field: at("nesterov"),
  reason: "CONFLICT",
  description: `true needs momentum above 0 and dampening 0; they are ${momentum} and ${dampening}`,
});

describe("validateOptimizer", () => {
  test.each(optimizers.map((entry) => [entry.name, entry] as const))(
    "fills in the defaults of %s, which are valid themselves",
    (name, entry) => {
      const { faults, hyperparameters } = validate(name);
      expect(faults).toEqual([]);
      expect(hyperparameters).toEqual(Object.fromEntries(entry.hyperparameters.map((each) => [each.name, each.default])));
      expect(validate(name, hyperparameters)).toEqual({ faults, hyperparameters });
    },
  );

  test("keeps what was given", () =>
    expect(validate("adamw", { learning_rate: 1e-4, beta2: 0.98 })).toEqual({
      faults: [],
      hyperparameters: { learning_rate: 1e-4, beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weight_decay: 0.01 },
    }));

  test("names the nearest optimizer and all of them", () =>
    expect(validate("adamx").faults).toEqual([
      {
        field: "training_job.optimizer.name",
        reason: "UNKNOWN_OPTIMIZER",
        description: '"adamx" is not an optimizer (did you mean "adamw"?); allowed: ' + optimizers.map(({ name }) => name).join(", "),
      },
    ]));

  test.each([
    ["learning_rate", 1e308, "1e+308 is out of range; allowed: a number above 0, at most 1000"],
    ["learning_rate", 2e5, "200000 is out of range; allowed: a number above 0, at most 1000"],
    ["learning_rate", 1e-46, "1e-46 is 0 in float32, which is out of range; allowed: a number above 0, at most 1000"],
    ["epsilon", 5e-324, "5e-324 is out of range; allowed: a number at least 1e-30, at most 100"],
    ["epsilon", 1e-39, "1e-39 is out of range; allowed: a number at least 1e-30, at most 100"],
    ["beta2", 0.99999999999, "0.99999999999 is 1 in float32, which is out of range; allowed: a number at least 0, below 1"],
    ["weight_decay", 1e300, "1e+300 is out of range; allowed: a number at least 0, at most 1000"],
    ["epsilon", 1e39, "1e+39 is out of range; allowed: a number at least 1e-30, at most 100"],
  ])("refuses %s %d, which does not survive float32 or helps nobody", (name, value, description) =>
    expect(validate("adamw", { [name]: value }).faults).toEqual([{ field: at(name), reason: "OUT_OF_RANGE", description }]),
  );

  // A gradient of exactly 0, as that of every word that is not in a batch, would become 0 / 0, or the weights of steps overflow.
  test.each([
    ["adagrad", { epsilon: 0 }],
    ["adagrad", { epsilon: 1e-40 }],
    ["stable-adamw", { epsilon: 1e-20 }],
    ["prodigy", { epsilon: 1e-35 }],
    ["prodigy", { d0: 1e-20 }],
    ["came", { epsilon1: 1e-37 }],
    ["came", { epsilon2: 1e-37 }],
    ["adafactor", { epsilon1: 1e-37 }],
    ["schedule-free-sgd", { r: 300 }],
    ["schedule-free-adamw", { weight_lr_power: 1000 }],
  ])("refuses %s with %o, whose numbers leave float32", (name, hyperparameters) =>
    expect(validate(name, hyperparameters).faults.map(({ field, reason }) => [field, reason])).toEqual([
      [at(Object.keys(hyperparameters)[0] ?? ""), "OUT_OF_RANGE"],
    ]),
  );

  test.each([
    ["prodigy", { growth_rate: 0.5 }, "growth_rate"],
    ["dadapt-adam", { growth_rate: 0.5 }, "growth_rate"],
    ["adafactor", { relative_step: true }, "learning_rate"],
  ])("refuses %s with %o, which would do nothing", (name, hyperparameters, field) =>
    expect(validate(name, hyperparameters).faults.map((fault) => [fault.field, fault.reason])).toEqual([[at(field), "CONFLICT"]]),
  );

  test("takes adafactor's own rates at a learning rate of 1", () =>
    expect(validate("adafactor", { relative_step: true, learning_rate: 1 }).faults).toEqual([]));

  test("refuses what float32 makes infinite, where nothing else bounds it", () =>
    expect(validate("rprop", { max_step: 1e39 }).faults).toEqual([
      {
        field: at("max_step"),
        reason: "OUT_OF_RANGE",
        description: "1e+39 is Infinity in float32, which is out of range; allowed: a number above 0",
      },
    ]));

  test("calls a whole number one", () =>
    expect(validate("sophia-g", { update_interval: 0.5 }).faults.map(({ description }) => description)).toEqual([
      "0.5 is out of range; allowed: a whole number, at least 1",
    ]));

  test("takes a decay that float32 counts as the 0 which is allowed", () =>
    expect(validate("adamw", { weight_decay: 1e-46 }).faults).toEqual([]));

  test("asks for a name", () =>
    expect(validate("").faults).toEqual([
      {
        field: "training_job.optimizer.name",
        reason: "REQUIRED",
        description: `is empty; allowed: ${optimizers.map(({ name }) => name).join(", ")}`,
      },
    ]));

  test("says all faults at once", () =>
    expect(
      validate("adam", {
        learning_rate: -1,
        beta1: 1,
        beta2: "0.9",
        epsilon: Number.NaN,
        weight_decay: Number.POSITIVE_INFINITY,
        momentun: 1,
      }),
    ).toEqual({
      faults: [
        { field: at("learning_rate"), reason: "OUT_OF_RANGE", description: "-1 is out of range; allowed: a number above 0, at most 1000" },
        {
          field: at("weight_decay"),
          reason: "NOT_FINITE",
          description: "Infinity is not a finite number; allowed: a number at least 0, at most 1000",
        },
        { field: at("beta1"), reason: "OUT_OF_RANGE", description: "1 is out of range; allowed: a number at least 0, below 1" },
        { field: at("beta2"), reason: "WRONG_TYPE", description: '"0.9" is text; allowed: a number at least 0, below 1' },
        {
          field: at("epsilon"),
          reason: "NOT_FINITE",
          description: "NaN is not a finite number; allowed: a number at least 1e-30, at most 100",
        },
        {
          field: at("momentun"),
          reason: "UNKNOWN_HYPERPARAMETER",
          description: 'adam has no hyperparameter "momentun"; it has learning_rate, weight_decay, beta1, beta2, epsilon',
        },
      ],
      hyperparameters: { learning_rate: 5e-5, weight_decay: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    }));

  test("names the nearest hyperparameter", () =>
    expect(validate("sgd", { momentun: 0.5, lerning_rate: 1 }).faults.map(({ description }) => description)).toEqual([
      expect.stringContaining('did you mean "momentum"?'),
      expect.stringContaining('did you mean "learning_rate"?'),
    ]));

  test.each([
    [1, "1 is a number"],
    ["true", '"true" is text'],
    [null, "null is no value"],
    [[true], "[true] is a list"],
  ])("refuses %j as a switch", (nesterov, description) =>
    expect(validate("sgd", { nesterov }).faults).toEqual([
      { field: at("nesterov"), reason: "WRONG_TYPE", description: `${description}; allowed: true or false` },
    ]),
  );

  test("refuses Nesterov's momentum without momentum or with dampening, as torch does", () => {
    expect(validate("sgd", { nesterov: true, momentum: 0 }).faults).toEqual([nesterovFault(0, 0)]);
    expect(validate("sgd", { nesterov: true, dampening: 0.5 }).faults).toEqual([nesterovFault(0.9, 0.5)]);
  });

  test("says a conflict with what else is wrong, unless that may be what it is about", () => {
    const reasons = (given: Record<string, unknown>) => validate("sgd", given).faults.map(({ field, reason }) => `${field} ${reason}`);
    const conflicting = { nesterov: true, momentum: 0 };
    expect(reasons({ ...conflicting, weight_decay: -1 })).toEqual([`${at("weight_decay")} OUT_OF_RANGE`, `${at("nesterov")} CONFLICT`]);
    expect(reasons({ ...conflicting, dampening: 2 })).toEqual([`${at("dampening")} OUT_OF_RANGE`]);
    expect(reasons({ ...conflicting, dampenin: 0 })).toEqual([`${at("dampenin")} UNKNOWN_HYPERPARAMETER`]);
  });

  test("does not take a name of every object for a hyperparameter", () =>
    expect(validate("adam", JSON.parse('{"constructor": 1, "__proto__": 2}') as Record<string, unknown>).faults).toHaveLength(2));

  test("cuts and escapes unknown names, and lists the first twenty", () => {
    const names = [`\u001b[31m${"x".repeat(3_000_000)}`, ...Array.from({ length: 99 }, (_, index) => `unknown_${index}`)];
    const { faults } = validate("sgd", Object.fromEntries(names.map((name) => [name, 1])));
    expect(faults).toHaveLength(21);
    expect(faults[0]?.field).toBe(at(`\\u001b[31m${"x".repeat(75)}…`));
    expect(faults[0]?.description).toContain("(3000005 characters)");
    expect(faults[20]).toMatchObject({ reason: "MORE_FAULTS", description: "… and 80 more that sgd does not have" });
  });
});
