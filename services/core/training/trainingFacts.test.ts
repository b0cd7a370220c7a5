import { assert, double, jsonValue, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { readFacts, type TrainingFacts, writeFacts } from "./trainingFacts.js";

const facts: TrainingFacts = {
  step: 7,
  weightsDigest: "0123456789abcdef".repeat(4),
  optimizer: { name: "prodigy", hyperparameters: { learning_rate: 1, safeguard: false, kind: "max" } },
  scalars: { "prodigy.d": 0.1 + 0.2, "prodigy.r/bias": Number.NaN, low: Number.NEGATIVE_INFINITY, zero: -0 },
  lastStep: { step: 6, learningRate: 1e-300, gradientScale: 1 / 3 },
  plateau: { factor: 0.5, best: Number.POSITIVE_INFINITY, bad: 2, cooling: 0 },
};

describe("what a training state says besides its tensors", () => {
  it("comes back bit for bit, whatever numbers there are", () => {
    expect(readFacts(writeFacts(facts))).toEqual({ facts, problems: [] });
    assert(
      property(double(), (value) => {
        const read = readFacts(writeFacts({ ...facts, scalars: { value } })).facts?.scalars["value"];
        expect(Object.is(read, value)).toBe(true);
      }),
    );
  });

  it("may be without a last step and a plateau", () => {
    const { lastStep: _lastStep, plateau: _plateau, ...least } = facts;
    expect(readFacts(writeFacts(least)).facts).toEqual(least);
  });

  it("keeps names that objects have of themselves", () => {
    const text = writeFacts(facts).replace('"low"', '"__proto__"');
    expect(Object.keys(readFacts(text).facts?.scalars ?? {})).toContain("__proto__");
  });

  it.each([
    ["not JSON", "{", ["is not JSON"]],
    ["no object", "[]", ["is not an object"]],
    ["a version of the future", '{"version": 2}', ["has version 2; allowed: 1"]],
    ["nesting", "[".repeat(100), ["nests deeper than 6"]],
  ])("is refused when it is %s", (_what, text, problems) => expect(readFacts(text)).toEqual({ problems }));

  it("is refused with everything that is wrong", () => {
    const broken = {
      version: 1,
      ...facts,
      step: -1,
      weightsDigest: "x",
      optimizer: [],
      scalars: { a: "1" },
      plateau: { ...facts.plateau, bad: null },
    };
    expect(readFacts(JSON.stringify(broken)).problems).toEqual([
      "has step -1; allowed: a whole number, at least 0",
      'has weightsDigest "x"; allowed: 64 hexadecimal digits',
      "has optimizer.name not set; allowed: a text",
      "has optimizer.hyperparameters not set; allowed: an object of plain values",
      "has scalars an object; allowed: an object of numbers",
      "has plateau.best null; allowed: a number",
      "has plateau.bad null; allowed: a number",
    ]);
  });

  it("answers any JSON with facts or problems, never an exception", () => {
    assert(
      property(jsonValue(), (value) => {
        const { facts: read, problems } = readFacts(JSON.stringify(value));
        expect(read === undefined).toBe(problems.length > 0);
      }),
    );
  });
});
