import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { loadContract, type MetricPointInput, type TrainingEventInput } from "@stepwire/proto";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { openJobStream } from "#platform/jobStream.js";
import { timestamp } from "#platform/protoJson.js";
import { objectToStruct } from "#platform/struct.js";
import { startTestBroker, type TestBroker } from "./testBroker.js";

interface Schema {
  properties?: Record<string, { enum?: string[] }>;
}
interface Document {
  asyncapi: string;
  channels: Record<string, { address: string; messages: Record<string, { $ref: string }> }>;
  components: { messages: Record<string, { headers: { $ref: string }; payload: { $ref: string } }>; schemas: Record<string, Schema> };
}

let broker: TestBroker;
let document: Document;
let validate: (reference: string, value: unknown) => string[];

beforeAll(async () => {
  broker = await startTestBroker();
  document = parse(await readFile(join(repositoryRoot, "docs/asyncapi.yaml"), "utf8")) as Document;
  // strict off: the document's own keys beside the schemas are not JSON Schema.
  const ajv = new Ajv2020({ strict: false, allErrors: true }).addSchema(document, "asyncapi");
  validate = (reference, value) => {
    ajv.validate({ $ref: `asyncapi${reference}` }, value);
    return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
});
afterAll(() => broker.remove());

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const time = timestamp("2026-01-31T12:00:00.120Z");
const identity = { uid: "u-1", job: "job-1" };

const points: MetricPointInput[] = [
  { ...identity, attempt: 1, step: 1, kind: "METRIC_KIND_TRAIN" },
  {
    ...{
      ...identity,
      attempt: 1,
      step: 2,
      total_steps: 9,
      epoch: 0.5,
      time,
      kind: "METRIC_KIND_EVALUATION",
      examples: 8,
      tokens: "12345678901",
    },
    ...{ loss: Number.NaN, learning_rate: 5e-5, grad_norm: Number.POSITIVE_INFINITY, update_norm: 1, param_norm: 2, accuracy: 0.5 },
    ...{ tokens_per_second: 1000.5, step_seconds: 0.1, optimizer_scalars: { trust_ratio: Number.NEGATIVE_INFINITY, clipped: 1 } },
  },
];
const error = { code: "NAN_LOSS", message: "The loss of step 2 is NaN.", field: "", attempt: 1, step: 2 };
const result = {
  ...{
    steps: 2,
    final_loss: Number.NaN,
    validation_loss: 1,
    validation_accuracy: 0.9,
    train_seconds: 3.5,
    tokens: "1",
    peak_memory_bytes: "2",
  },
  ...{ weights_digest: "ab", checkpoint: "/c", environment: { threads: "2" }, skipped_steps: 0 },
  origin: { base_weights_digest: "ab", tokenizer_digest: "cd", train_rows_digest: "ef" },
};
const events: TrainingEventInput[] = [
  { ...identity, time, state_change: { state: "TRAINING_JOB_STATE_FAILED", error } },
  { ...identity, time, state_change: { state: "TRAINING_JOB_STATE_SUCCEEDED", result } },
  { ...identity, time, attempt_started: { attempt: 2, from_step: 1 } },
  { ...identity, time, checkpoint_saved: { step: 2, weights_digest: "ab" } },
  { ...identity, time, log: { level: "info", message: "hello", attributes: objectToStruct({ a: [1, { b: null }] }) } },
];

it("describes every message that a job publishes: subject, headers and body", async () => {
  const stream = await openJobStream(await broker.connect());
  for (const point of points) await stream.publishMetric("default", point, traceparent);
  for (const [n, event] of events.entries()) await stream.publishEvent("default", event, `1:${n}:kind`, traceparent);
  const manager = await jetstreamManager(await broker.connect());
  const { state } = await manager.streams.info("STEPWIRE_JOBS");
  expect(state.messages).toBe(points.length + events.length);
  for (let seq = 1; seq <= state.last_seq; seq++) {
    const message = await manager.streams.getMessage("STEPWIRE_JOBS", { seq });
    const channel = Object.values(document.channels).find(({ address }) =>
      new RegExp(`^${address.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^.]+")}$`).test(message?.subject ?? ""),
    );
    const [name = ""] = Object.keys(channel?.messages ?? {});
    const described = document.components.messages[name];
    const headers = Object.fromEntries([...(message?.header ?? [])].map(([key, [value]]) => [key, value]));
    expect(validate(described?.headers.$ref ?? "", headers), message?.subject).toEqual([]);
    expect(validate(described?.payload.$ref ?? "", message?.json()), message?.string()).toEqual([]);
  }
});

it("refuses bodies that no job publishes", () => {
  const payload = "#/components/schemas/MetricPoint";
  const good = { uid: "u", job: "j", attempt: 1, step: 1, kind: "METRIC_KIND_TRAIN" };
  expect(validate(payload, good)).toEqual([]);
  for (const bad of [{ loss: "nan" }, { loss: null }, { tokens: 5 }, { totalSteps: 1 }, { kind: 1 }, { time: "yesterday" }])
    expect(validate(payload, { ...good, ...bad })).not.toEqual([]);
});

it("has every field of the contract's messages, and no other", () => {
  for (const name of [
    "MetricPoint",
    "TrainingEvent",
    "StateChange",
    "JobError",
    "TrainingResult",
    "TrainingOrigin",
    "AttemptStarted",
    "CheckpointSaved",
    "LogLine",
  ]) {
    const fields = loadContract()
      .root.lookupType(`stepwire.v1.${name}`)
      .fieldsArray.map((field) => field.name);
    expect(Object.keys(document.components.schemas[name]?.properties ?? {}), name).toEqual(fields);
  }
  const states = Object.keys(loadContract().root.lookupEnum("stepwire.v1.TrainingJobState").values).slice(1);
  expect(document.components.schemas["StateChange"]?.properties?.["state"]?.enum).toEqual(states);
});
