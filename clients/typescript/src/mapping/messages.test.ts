import { loadContract, loaderOptions, type FieldViolation, type TrainingJobInput as WireJob } from "@stepwire/proto";
import * as fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { Evaluation, MetricPoint, Optimizer, TrainingEvent, TrainingJob, TrainingJobInput } from "../messages.js";
import { messageJson } from "./messageJson.js";
import { isMessageType, messageFields } from "./reflection.js";
import { readMessage } from "./readMessage.js";
import { writeMessage } from "./writeMessage.js";

/** Over the wire and back, as proto-loader decodes it. */
function decoded(typeName: string, message: object): object {
  const type = loadContract().root.lookupType(typeName);
  return type.toObject(type.decode(type.encode(type.fromObject(message)).finish()), loaderOptions);
}

function write(
  typeName: "stepwire.v1.TrainingJob" | "stepwire.v1.MetricPoint",
  value: unknown,
): { message: object; violations: FieldViolation[] } {
  const violations: FieldViolation[] = [];
  return { message: writeMessage(typeName, value, "", violations), violations };
}

describe("the SDK's types", () => {
  it("follow the contract mechanically", () => {
    expectTypeOf<TrainingJob["seed"]>().toEqualTypeOf<number | undefined>();
    expectTypeOf<NonNullable<TrainingJob["plan"]>["tokens"]>().toEqualTypeOf<number>();
    expectTypeOf<TrainingJob["createTime"]>().toEqualTypeOf<Date | undefined>();
    expectTypeOf<TrainingJob["labels"]>().toEqualTypeOf<Record<string, string>>();
    expectTypeOf<NonNullable<TrainingJobInput["onNan"]>>().toEqualTypeOf<"FAIL" | "SKIP">();
    expectTypeOf<MetricPoint["kind"]>().toEqualTypeOf<"UNSPECIFIED" | "TRAIN" | "EVALUATION">();
    expectTypeOf<MetricPoint["optimizerScalars"]>().toEqualTypeOf<Record<string, number>>();
    expectTypeOf<NonNullable<Evaluation["metrics"]>["confusionMatrix"]>().toEqualTypeOf<{ counts: number[] }[]>();
    expectTypeOf<keyof TrainingEvent>().toEqualTypeOf<
      "uid" | "job" | "time" | "resumeToken" | "stateChange" | "attemptStarted" | "metric" | "checkpointSaved" | "log" | "heartbeat"
    >();
    expectTypeOf(3).toExtend<Optimizer["hyperparameters"][number]["defaultValue"]>();
  });
});

describe("readMessage and writeMessage", () => {
  const input: TrainingJobInput = {
    model: "m",
    dataset: { id: "d", validationFraction: 0.1, splitSeed: -(2 ** 50) },
    optimizer: {
      name: "adamw",
      hyperparameters: { learning_rate: 5e-5, nesterov: true, note: "x", none: null, list: [1, "a"], inner: { beta_one: 0.9 } },
    },
    schedule: { name: "linear", warmupSteps: 0 },
    maxGradNorm: Infinity,
    epochs: NaN,
    seed: 7,
    onNan: "SKIP",
    labels: { "a_b.c": "d", snake_key: "kept" },
  };

  it("know the type of every field of the contract", () => {
    const { nested = {} } = loadContract().root.lookup("stepwire.v1") as unknown as { nested?: Record<string, object> };
    const messages = Object.keys(nested).filter((name) => isMessageType(`stepwire.v1.${name}`));
    expect(messages).toContain("Resampling");
    for (const name of messages) expect(() => messageFields(`stepwire.v1.${name}`)).not.toThrow();
    const interval = { estimate: 1, resampling: { version: 1, resamples: 10_000, seed: 2 ** 32 - 1 } };
    const evaluation = { metrics: { accuracy: interval } };
    expect(readMessage("stepwire.v1.Evaluation", decoded("stepwire.v1.Evaluation", evaluation))).toMatchObject(evaluation);
    for (const seed of [2 ** 32, -1]) {
      const violations: FieldViolation[] = [];
      writeMessage("stepwire.v1.Evaluation", { metrics: { accuracy: { resampling: { seed } } } }, "", violations);
      expect(violations).toMatchObject([{ field: "metrics.accuracy.resampling.seed", reason: "OUT_OF_RANGE" }]);
    }
  });

  it("carry a job over the wire unchanged, NaN and infinities too", () => {
    const { message, violations } = write("stepwire.v1.TrainingJob", input);
    expect(violations).toEqual([]);
    expect(readMessage("stepwire.v1.TrainingJob", decoded("stepwire.v1.TrainingJob", message))).toMatchObject(input);
  });

  it("leave out what is not set, and proto-loader's virtual fields", () => {
    const job = readMessage("stepwire.v1.TrainingJob", decoded("stepwire.v1.TrainingJob", { epochs: 2 } satisfies WireJob));
    expect(job).toEqual({
      id: "",
      uid: "",
      state: "UNSPECIFIED",
      task: "",
      model: "",
      epochs: 2,
      onNan: "UNSPECIFIED",
      keepTrainingState: false,
      resumeFrom: "",
      precision: "",
      recomputeActivations: false,
      labels: {},
      attempt: 0,
    });
  });

  it("carry any numbers, labels and times", () => {
    const points = fc.record({
      step: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      tokens: fc.maxSafeInteger(),
      loss: fc.double(),
      time: fc.date({ noInvalidDate: true, min: new Date("0001-01-01"), max: new Date("9999-12-31") }),
      optimizerScalars: fc.dictionary(fc.string(), fc.double()),
      kind: fc.constantFrom("TRAIN", "EVALUATION"),
    });
    fc.assert(
      fc.property(points, (point) => {
        const { message, violations } = write("stepwire.v1.MetricPoint", point);
        expect(violations).toEqual([]);
        expect(readMessage("stepwire.v1.MetricPoint", decoded("stepwire.v1.MetricPoint", message))).toMatchObject(point);
      }),
    );
  });

  it("refuse a 64-bit integer that a number cannot hold exactly", () => {
    expect(() => readMessage("stepwire.v1.TrainingResult", { tokens: "9007199254740993" })).toThrow(/tokens = 9007199254740993/);
  });

  it("read an enum value that this version does not know as UNSPECIFIED", () => {
    expect(readMessage("stepwire.v1.TrainingJob", { state: 77 }).state).toBe("UNSPECIFIED");
  });

  const refusals: [name: string, value: unknown, field: string, description: RegExp][] = [
    ["a text for a number", { epochs: "3" }, "epochs", /^"3" is not a number$/],
    ["a fraction for a count", { batchSize: 1.5 }, "batchSize", /^1.5 is not a whole number$/],
    ["a count beyond 32 bits", { maxSteps: 2 ** 31 }, "maxSteps", /2147483648 is out of range; allowed: -2147483648 to 2147483647/],
    ["an unsafe seed", { seed: 2 ** 53 }, "seed", /out of range/],
    ["a number for a text", { model: 3 }, "model", /^3 is not a string$/],
    ["an enum value with its prefix", { onNan: "NAN_POLICY_FAIL" }, "onNan", /is not one of FAIL, SKIP/],
    ["an enum value in lower case, with the right one", { onNan: "skip" }, "onNan", /did you mean "SKIP"\?/],
    ["null", { dataset: null }, "dataset", /^null is not an object$/],
    ["a list for an object", { optimizer: ["adamw"] }, "optimizer", /is not an object/],
    [
      "a function inside hyperparameters",
      { optimizer: { hyperparameters: { a: () => 1 } } },
      "optimizer.hyperparameters.a",
      /cannot be written as JSON/,
    ],
    ["a number as a label", { labels: { a: 1 } }, "labels.a", /^1 is not a string$/],
    ["the contract's spelling of a field", { max_steps: 3 }, "max_steps", /did you mean "maxSteps"\?/],
  ];
  for (const [name, value, field, description] of refusals)
    it(`refuse ${name}`, () => {
      const { violations } = write("stepwire.v1.TrainingJob", value);
      expect(violations).toHaveLength(1);
      expect(violations[0]?.field).toBe(field);
      expect(violations[0]?.description).toMatch(description);
    });
});

describe("messageJson", () => {
  const point = { job: "j", step: 2, tokens: 12, loss: NaN, kind: "TRAIN", time: new Date(5), optimizerScalars: { ratio: -Infinity } };

  it("writes proto3 JSON in snake_case", () => {
    expect(messageJson("stepwire.v1.MetricPoint", point, "proto3")).toEqual({
      job: "j",
      step: 2,
      tokens: "12",
      loss: "NaN",
      kind: "METRIC_KIND_TRAIN",
      time: "1970-01-01T00:00:00.005Z",
      optimizer_scalars: { ratio: "-Infinity" },
    });
  });

  it("writes short enum values and numbers in the plain style", () => {
    expect(messageJson("stepwire.v1.MetricPoint", point, "plain")).toMatchObject({ kind: "TRAIN", tokens: 12, loss: "NaN" });
  });
});
