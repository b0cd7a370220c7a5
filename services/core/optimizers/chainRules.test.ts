import { describe, expect, it } from "vitest";
import { type OptimizerDraft, validateOptimizer } from "./validateOptimizer.js";

const el = (name: string, hyperparameters: Record<string, unknown> = {}) => ({ name, hyperparameters });
const rate = el("scale_by_learning_rate", { learning_rate: 0.1 });
const found = (draft: Partial<OptimizerDraft>) =>
  validateOptimizer({ name: "", ...draft }, "o").faults.map(({ field, reason, description }) => `${field} ${reason} ${description}`);

describe("a chain", () => {
  it.each([
    ["one element", [rate]],
    ["transforms, then the learning rate, then wrappers", [el("scale_by_adam"), el("add_decayed_weights"), rate, el("lookahead")]],
    ["an element twice", [el("scale_by_sign"), el("scale_by_sign"), rate]],
  ])("may be %s", (_what, chain) => expect(found({ chain })).toEqual([]));

  it.each([
    [
      "without a learning rate",
      [el("scale_by_adam")],
      ["o MISSING_LEARNING_RATE a chain must end at the learning rate; add scale_by_learning_rate, before any wrapper"],
    ],
    [
      "with two learning rates",
      [rate, rate],
      ['o.chain[1].name CONFLICT "scale_by_learning_rate" applies the learning rate a second time, after "scale_by_learning_rate"'],
    ],
    [
      "that goes on after the learning rate",
      [rate, el("scale_by_adam")],
      ['o.chain[1].name OUT_OF_ORDER "scale_by_adam" comes after "scale_by_learning_rate"; only wrappers may'],
    ],
    [
      "with a wrapper before the learning rate",
      [el("lookahead"), rate],
      ['o.chain[0].name OUT_OF_ORDER "lookahead" is a wrapper; it must come after "scale_by_learning_rate"'],
    ],
    [
      "with two decays",
      [el("add_decayed_weights"), el("add_decayed_weights"), rate],
      ['o.chain[1].name CONFLICT "add_decayed_weights" and "add_decayed_weights" both decay the parameters; only one may'],
    ],
    [
      "with the mask after the decay",
      [el("scale_by_adam"), el("add_decayed_weights"), el("cautious"), rate],
      ['o.chain[2].name OUT_OF_ORDER "cautious" compares the update with the gradient, so it must come before "add_decayed_weights"'],
    ],
    [
      "with a decay beside one of an element's own",
      [el("scale_by_adopt"), el("add_decayed_weights"), rate],
      ['o.chain[1].name CONFLICT "scale_by_adopt" and "add_decayed_weights" both decay the parameters; only one may'],
    ],
    [
      "with the mask after an element that decays by itself",
      [el("scale_by_soap"), el("cautious"), rate],
      [
        'o.chain[1].name OUT_OF_ORDER "cautious" compares the update with the gradient, so no decay may be in it yet; it comes after "scale_by_soap", which decays by itself: give that a weight_decay of 0 and add "add_decayed_weights" after "cautious"',
      ],
    ],
    [
      "that wants drawn labels in different steps",
      [el("scale_by_sophia"), el("scale_by_sophia", { update_interval: 3 }), rate],
      ["o.chain[1].name CONFLICT wants a gradient for drawn labels every 3 steps, and another element every 10; they must be the same"],
    ],
  ])("is refused %s", (_what, chain, faults) => expect(found({ chain })).toEqual(faults));

  it("may have an element that could decay and does not", () =>
    expect(found({ chain: [el("scale_by_soap", { weight_decay: 0 }), el("cautious"), el("add_decayed_weights"), rate] })).toEqual([]));

  it("is not looked at where an element does nothing", () =>
    expect(found({ chain: [el("add_decayed_weights", { weight_decay: 0 }), el("cautious"), rate] })).toEqual([]));

  it("is judged with everything else that is wrong, at the caller's own places", () =>
    expect(
      found({
        name: "adamw",
        hyperparameters: { learning_rate: 1 },
        chain: [el("no_such"), el("lookahead", { lookahead_steps: 0 }), rate, el("scale_by_adam", { beta2: 2 })],
        wrappers: [el("cautious"), el("lookahead"), el("no_such")],
        groups: [{ pattern: "" }, { pattern: "a" }],
      }).map((fault) => fault.replace(/(?<=^\S+ \S+) .*/, "")),
    ).toEqual([
      "o.name CONFLICT",
      "o.hyperparameters.learning_rate CONFLICT",
      "o.chain[0].name UNKNOWN_ELEMENT",
      "o.chain[1].hyperparameters.lookahead_steps OUT_OF_RANGE",
      "o.chain[3].hyperparameters.beta2 OUT_OF_RANGE",
      "o.wrappers[2].name UNKNOWN_ELEMENT",
      "o.wrappers[0].name NOT_A_WRAPPER",
      "o.groups[0] REQUIRED",
      "o.groups[0].pattern REQUIRED",
      "o.groups[1] REQUIRED",
      "o.chain[1].name OUT_OF_ORDER",
      "o.chain[3].name OUT_OF_ORDER",
    ]));

  it("lists the elements once, however many are misspelled, and only wrappers where one is needed", () => {
    const chain = found({ chain: [el("cautios"), el("scale_by_adm"), rate], wrappers: [el("lookahed"), el("scale_by_adm")] });
    expect(chain.map((fault) => fault.includes("allowed: "))).toEqual([true, false, true, false]);
    expect(chain[1]).toBe('o.chain[1].name UNKNOWN_ELEMENT "scale_by_adm" is not an element (did you mean "scale_by_adam"?)');
    expect(chain[2]).toMatch(
      /^o\.wrappers\[0\]\.name UNKNOWN_ELEMENT "lookahed" is not a wrapper \(did you mean "lookahead"\?\); allowed: /,
    );
    expect(chain[2]).not.toContain("scale_by_adam");
  });

  it("with a misspelled element is not said to lack it too", () =>
    expect(found({ chain: [el("scale_by_learning_rat")] })).toEqual([
      expect.stringMatching(/^o\.chain\[0\]\.name UNKNOWN_ELEMENT .*did you mean "scale_by_learning_rate"/),
    ]));

  it("may have 32 elements", () => {
    const chain = (count: number) => [...Array.from({ length: count - 1 }, () => el("scale_by_sign")), rate];
    expect(found({ chain: chain(32) })).toEqual([]);
    expect(found({ chain: chain(33) })).toEqual(["o.chain TOO_MANY has 33 elements; at most 32 are allowed"]);
  });
});

describe("wrappers", () => {
  it.each([
    [
      "that both choose where the model is evaluated",
      "schedule-free-adamw",
      ["exponential_moving_average"],
      [
        'o.wrappers[0].name CONFLICT "schedule_free" and "exponential_moving_average" both choose the point where the model is evaluated; only one may',
      ],
    ],
    [
      "that both choose where the gradient is taken",
      "adamw",
      ["sharpness_aware", "adaptive_sharpness_aware"],
      [
        'o.wrappers[1].name CONFLICT "sharpness_aware" and "adaptive_sharpness_aware" both choose the point where the gradient is taken; only one may',
      ],
    ],
    [
      "that both move the parameters after a step",
      "schedule-free-sgd",
      ["lookahead"],
      ['o.wrappers[0].name CONFLICT "lookahead" and "schedule_free" both move the parameters after a step; only one may'],
    ],
    [
      "that conflict, of an optimizer in two parts, once",
      "muon",
      ["exponential_moving_average", "stochastic_weight_average"],
      [
        'o.wrappers[1].name CONFLICT "exponential_moving_average" and "stochastic_weight_average" both choose the point where the model is evaluated; only one may',
      ],
    ],
  ])("are refused %s", (_what, name, wrappers, faults) =>
    expect(found({ name, wrappers: wrappers.map((each) => el(each)) })).toEqual(faults),
  );

  it("of an unknown optimizer are judged among themselves", () =>
    expect(
      found({ name: "adamx", wrappers: [el("exponential_moving_average"), el("stochastic_weight_average")] }).map((fault) =>
        fault.split(" ").slice(0, 2).join(" "),
      ),
    ).toEqual(["o.name UNKNOWN_OPTIMIZER", "o.wrappers[1].name CONFLICT"]));
});

describe("groups", () => {
  it("that would freeze by rounding are refused, 0 is not", () => {
    const groups = (learningRateScale: number) => found({ name: "adamw", groups: [{ pattern: "*", learningRateScale }] });
    expect(groups(0)).toEqual([]);
    expect(groups(1e-40)).toEqual([
      "o.groups[0].learning_rate_scale OUT_OF_RANGE 1e-40 is 0 in float32, and would freeze the parameters; allowed: a number from 0 to 1000, where 0 freezes them",
    ]);
  });
});

describe("hyperparameters beside a chain", () => {
  it("are quoted, cut and counted", () => {
    const names = ["__proto__", `\u001b[31m${"x".repeat(1_000_000)}`, ...Array.from({ length: 98 }, (_, index) => `h${index}`)];
    const hyperparameters = Object.fromEntries(names.map((name) => [name, 1]));
    const faults = found({ chain: [rate], hyperparameters });
    expect(faults).toHaveLength(33);
    expect(faults[0]).toMatch(/^o\.hyperparameters\.__proto__ CONFLICT/);
    expect(faults[1]).toMatch(/^o\.hyperparameters\.\\u001b\[31mx{75}… CONFLICT/);
    expect(faults[32]).toBe("o.hyperparameters MORE_FAULTS … and 68 more that stand beside a chain");
  });
});
