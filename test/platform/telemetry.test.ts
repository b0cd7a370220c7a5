import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { compiledFixture } from "./compiled.js";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
const run = promisify(execFile);

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  kind: number;
}

it("carries one trace from the caller through the server to the work, and sends it over OTLP", async () => {
  const received = new Map<string, string[]>();
  const collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.set(request.url ?? "", [...(received.get(request.url ?? "") ?? []), Buffer.concat(chunks).toString()]);
      response.setHeader("content-type", "application/json").end("{}");
    });
  }).listen(0, "127.0.0.1");
  await once(collector, "listening");
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" };
  const { stdout, stderr } = await run(process.execPath, [compiledFixture("tracedServer"), traceparent], { env });
  collector.close();

  const body = JSON.parse(received.get("/v1/traces")?.join("") ?? "{}") as {
    resourceSpans: { resource: object; scopeSpans: { spans: Span[] }[] }[];
  };
  const spans = body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
  const server = spans.find(({ name }) => name === "test.Echo/Ask");
  const work = spans.find(({ name }) => name === "work");
  expect(server).toMatchObject({ traceId, parentSpanId: "b7ad6b7169203331", kind: 2 });
  expect(work).toMatchObject({ traceId, parentSpanId: server?.spanId });
  expect(JSON.stringify(body.resourceSpans[0]?.resource)).toContain("stepwire-traced");
  expect(stdout.trim()).toBe(`00-${traceId}-${server?.spanId}-01`);
  expect(JSON.parse(stderr.trim())).toMatchObject({ msg: "inside", trace_id: traceId, span_id: server?.spanId });
  expect(received.get("/v1/metrics")?.join("")).toContain("rpc.server.duration");
});

it("hands the caller's trace on when telemetry is off", async () => {
  const { stdout, stderr } = await run(process.execPath, [compiledFixture("tracedServer"), traceparent], {
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: "" },
  });
  expect(stdout.trim()).toBe(traceparent);
  expect(JSON.parse(stderr.trim())).not.toHaveProperty("trace_id");
  const untraced = await run(process.execPath, [compiledFixture("tracedServer"), "nonsense"], {
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: "" },
  });
  expect(untraced.stdout.trim()).toBe("none");
});
