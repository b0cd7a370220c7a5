import { expect, it } from "vitest";
import { fromProtoJson, isoTime, timestamp, toProtoJson } from "./protoJson.js";
import { objectToStruct, structToObject } from "./struct.js";

const point = {
  uid: "u",
  job: "j",
  attempt: 1,
  step: 2,
  total_steps: 10,
  epoch: 0.5,
  time: timestamp("2026-01-31T12:00:00.120Z"),
  kind: "METRIC_KIND_TRAIN",
  loss: Number.NaN,
  _loss: "loss",
  grad_norm: Number.NEGATIVE_INFINITY,
  _grad_norm: "grad_norm",
  examples: 8,
  tokens: "9007199254740993",
  optimizer_scalars: { trust_ratio: Number.NaN, clipped: 0.25 },
};

it("writes proto3 JSON: snake_case, text for 64 bits and for what JSON has no number for, names of enum values, RFC 3339", () => {
  expect(JSON.parse(toProtoJson("stepwire.v1.MetricPoint", point))).toEqual({
    uid: "u",
    job: "j",
    attempt: 1,
    step: 2,
    total_steps: 10,
    epoch: 0.5,
    time: "2026-01-31T12:00:00.120Z",
    kind: "METRIC_KIND_TRAIN",
    loss: "NaN",
    grad_norm: "-Infinity",
    examples: 8,
    tokens: "9007199254740993",
    optimizer_scalars: { trust_ratio: "NaN", clipped: 0.25 },
  });
});

it("reads back what it wrote, in proto-loader's shape", () => {
  expect(fromProtoJson("stepwire.v1.MetricPoint", toProtoJson("stepwire.v1.MetricPoint", point))).toEqual(point);
});

it("carries a oneof, a Struct and unset fields", () => {
  const event = {
    uid: "u",
    job: "j",
    time: null,
    resume_token: "",
    log: { level: "info", message: "m", attributes: objectToStruct({ a: [1, "x", null, true], b: { c: 2 }, skipped: undefined }) },
    event: "log",
  };
  const json = toProtoJson("stepwire.v1.TrainingEvent", event);
  expect(JSON.parse(json)).toMatchObject({ log: { attributes: { a: [1, "x", null, true], b: { c: 2 } } } });
  const back = fromProtoJson("stepwire.v1.TrainingEvent", json) as typeof event;
  expect(back).toMatchObject({ event: "log", log: { level: "info" } });
  expect(structToObject(back.log.attributes)).toEqual({ a: [1, "x", null, true], b: { c: 2 } });
  expect(back).not.toHaveProperty("metric");
});

it("drops fields that it does not know, and refuses what is no JSON or does not suit", () => {
  expect(fromProtoJson("stepwire.v1.MetricPoint", '{"uid":"u","future":1}')).toMatchObject({ uid: "u" });
  expect(() => fromProtoJson("stepwire.v1.MetricPoint", "{")).toThrow(SyntaxError);
  expect(() => fromProtoJson("stepwire.v1.MetricPoint", '{"uid":1}')).toThrow("uid");
});

it("converts times both ways, also before 1970", () => {
  for (const iso of ["2026-01-31T12:00:00.123Z", "1969-12-31T23:59:59.500Z", "1970-01-01T00:00:00.000Z"])
    expect(isoTime(timestamp(iso))).toBe(iso);
  expect(isoTime(null)).toBeUndefined();
  expect(() => timestamp("yesterday")).toThrow("yesterday");
});
