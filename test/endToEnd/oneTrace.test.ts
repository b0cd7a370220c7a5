import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { trace } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { expect, it } from "vitest";
import { sample, startTestStack, tinyModel } from "../support/localStack.js";

interface Export {
  resourceSpans?: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] };
    scopeSpans: { spans: { traceId: string; name: string }[] }[];
  }[];
}

it("one trace leads from the SDK's call over NATS into the runners, and every process sends its metrics", async () => {
  const bodies = new Map<string, string[]>();
  const collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const path = request.url ?? "";
      bodies.set(path, [...(bodies.get(path) ?? []), Buffer.concat(chunks).toString()]);
      response.setHeader("content-type", "application/json").end("{}");
    });
  }).listen(0, "127.0.0.1");
  await once(collector, "listening");
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
  };
  Object.assign(process.env, environment);
  const sdk = new NodeSDK({ serviceName: "caller" });
  sdk.start();
  const stack = await startTestStack(environment);
  const { stepwire } = stack;
  const traceId = await trace.getTracer("test").startActiveSpan("user's work", async (span) => {
    const columns = { text: "text", label: "label" };
    const { id } = await stepwire.datasets.import({ columns, files: [{ split: "train", path: sample("validation") }] });
    const job = await stepwire.jobs.create({
      model: tinyModel("bert"),
      dataset: { id },
      optimizer: { name: "sgd" },
      maxSteps: 1,
      batchSize: 4,
    });
    await job.result();
    await (await stepwire.evaluations.create({ trainingJob: job.id, split: "validation" })).result();
    span.end();
    return span.spanContext().traceId;
  });
  // What is left is sent when the processes end.
  await stack.close();
  await sdk.shutdown();
  collector.close();

  const exported = (bodies.get("/v1/traces") ?? []).flatMap((body) => (JSON.parse(body) as Export).resourceSpans ?? []);
  const names = new Map<string, string[]>();
  for (const { resource, scopeSpans } of exported) {
    const service = resource.attributes.find(({ key }) => key === "service.name")?.value.stringValue ?? "";
    const spans = scopeSpans.flatMap(({ spans }) => spans).filter((span) => span.traceId === traceId);
    names.set(service, [...(names.get(service) ?? []), ...spans.map(({ name }) => name)]);
  }
  expect([...names.keys()].toSorted()).toEqual([
    "caller",
    "stepwire-evaluation-runner",
    "stepwire-evaluation-worker",
    "stepwire-evaluator",
    "stepwire-trainer",
    "stepwire-training-runner",
    "stepwire-training-worker",
  ]);
  expect(names.get("caller")).toContain("user's work");
  expect(names.get("stepwire-trainer")).toContain("stepwire.v1.TrainerService/CreateTrainingJob");
  expect(names.get("stepwire-training-worker")).toContain("supervise training job");
  expect(names.get("stepwire-training-runner")).toContain("train");
  expect(names.get("stepwire-evaluation-runner")).toContain("evaluate");
  const metrics = (bodies.get("/v1/metrics") ?? []).join("");
  for (const service of [...names.keys()].filter((name) => name !== "caller")) expect(metrics).toContain(`"${service}"`);
});
