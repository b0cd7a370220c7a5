import { context, propagation, ROOT_CONTEXT, type TextMapPropagator, trace } from "@opentelemetry/api";
import type { CompareRequest, CreateEvaluationRequest, EvaluationInput as WireEvaluation } from "@stepwire/proto";
import { afterEach, describe, expect, it } from "vitest";
import { type ContractHandlers, type ContractServer, startContractServer } from "../testing/contractServer.js";

let server: ContractServer | undefined;
afterEach(() => server?.close());

async function serve(handlers: ContractHandlers) {
  server = await startContractServer(handlers);
  return server.stepwire;
}

describe("evaluations", () => {
  it("are created, waited for, and carry intervals", async () => {
    const requests: CreateEvaluationRequest[] = [];
    const states: WireEvaluation[] = [
      { id: "e", state: "EVALUATION_STATE_RUNNING" },
      {
        id: "e",
        state: "EVALUATION_STATE_SUCCEEDED",
        metrics: {
          examples: 10,
          correct: 9,
          accuracy: { estimate: 0.9, lower: 0.5958, upper: 0.9821, level: 0.95, method: "wilson" },
          confusion_matrix: [{ counts: [5, 1] }, { counts: [0, 4] }],
        },
      },
    ];
    const stepwire = await serve({
      evaluator: {
        CreateEvaluation: (call, callback) => {
          requests.push(call.request);
          callback(null, { id: "e", state: "EVALUATION_STATE_QUEUED" });
        },
        GetEvaluation: (_call, callback) => callback(null, states.length > 1 ? states.shift() : states[0]),
      },
    });
    const evaluation = await stepwire.evaluations.create({ trainingJob: "job", split: "test", level: 0.9 });
    expect(evaluation.state).toBe("QUEUED");
    const { metrics } = await evaluation.result();
    expect(metrics?.accuracy).toMatchObject({ estimate: 0.9, lower: 0.5958, upper: 0.9821, method: "wilson" });
    expect(metrics?.confusionMatrix).toEqual([{ counts: [5, 1] }, { counts: [0, 4] }]);
    expect(requests[0]).toMatchObject({ evaluation: { training_job: "job", split: "test", level: 0.9 } });
    expect(requests[0]?.request_id).not.toBe("");
  });

  it("that failed reject with their own error", async () => {
    const failed: WireEvaluation = {
      id: "e",
      state: "EVALUATION_STATE_FAILED",
      error: { code: "MODEL_GONE", message: "the checkpoint is gone" },
    };
    const stepwire = await serve({ evaluator: { GetEvaluation: (_call, callback) => callback(null, failed) } });
    const evaluation = await stepwire.evaluations.get("e");
    await expect(evaluation.result()).rejects.toMatchObject({ code: "FAILED_PRECONDITION", reason: "MODEL_GONE" });
  });

  it("refuse unknown keys", async () => {
    const stepwire = await serve({});
    await expect(
      stepwire.evaluations.create({ trainingJob: "j", split: "test", confidence: 0.9 } as { trainingJob: string; split: string }),
    ).rejects.toMatchObject({
      violations: [{ field: "confidence", reason: "UNKNOWN_FIELD" }],
    });
  });
});

describe("comparisons", () => {
  it("send groups and settings, and read verdicts without prefix", async () => {
    const requests: CompareRequest[] = [];
    const stepwire = await serve({
      evaluator: {
        Compare: (call, callback) => {
          requests.push(call.request);
          callback(null, {
            groups: [{ name: "a" }, { name: "b" }],
            pairs: [{ first: "a", second: "b", verdict: "VERDICT_EQUIVALENT", difference: { estimate: 0 }, needed: { examples: "12" } }],
          });
        },
      },
    });
    const comparison = await stepwire.evaluations.compare({
      groups: [{ name: "a", evaluations: ["e1", "e2"] }, { evaluations: ["e3", "e4"] }],
      margin: 0.01,
      intendedDifferences: ["batch_size"],
    });
    expect(requests).toMatchObject([
      {
        groups: [
          { name: "a", evaluations: ["e1", "e2"] },
          { name: "", evaluations: ["e3", "e4"] },
        ],
        ...{ metric: "", margin: 0.01, intended_differences: ["batch_size"] },
      },
    ]);
    expect(requests[0]).not.toHaveProperty("level");
    expect(comparison.pairs).toMatchObject([{ verdict: "EQUIVALENT", needed: { examples: 12 } }]);
    expect(comparison).not.toHaveProperty("margin");
  });

  it("refuse unknown keys and wrong types, all at once", async () => {
    const stepwire = await serve({});
    const wrong = { groups: [{ evaluations: "e1" }], marign: 0.1 } as unknown as Parameters<typeof stepwire.evaluations.compare>[0];
    await expect(stepwire.evaluations.compare(wrong, { deadlineMs: -1 })).rejects.toMatchObject({
      violations: [{ field: "options.deadlineMs" }, { field: "marign", reason: "UNKNOWN_FIELD" }, { field: "groups[0].evaluations" }],
    });
  });
});

describe("a call under a trace", () => {
  afterEach(() => propagation.disable());

  it("carries the caller's trace context to the server", async () => {
    // What an OpenTelemetry SDK registers; the API alone propagates nothing.
    const w3c: TextMapPropagator = {
      inject: (active, carrier, setter) => {
        const span = trace.getSpanContext(active);
        if (span) setter.set(carrier, "traceparent", `00-${span.traceId}-${span.spanId}-01`);
      },
      extract: (active) => active,
      fields: () => ["traceparent"],
    };
    propagation.setGlobalPropagator(w3c);
    const span = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
    context.setGlobalContextManager({
      active: () => trace.setSpanContext(ROOT_CONTEXT, span),
      with: (_context, fn, thisArg, ...args) => fn.apply(thisArg as never, args),
      bind: (_context, target) => target,
      enable() {
        return this;
      },
      disable() {
        return this;
      },
    });
    const seen: unknown[] = [];
    const stepwire = await serve({
      catalog: {
        ListOptimizers: (call, callback) => {
          seen.push(call.metadata.get("traceparent")[0]);
          callback(null, { optimizers: [{ name: "adamw", hyperparameters: [{ name: "beta1", default_value: { numberValue: 0.9 } }] }] });
        },
      },
    });
    expect(await stepwire.optimizers.list()).toMatchObject([{ name: "adamw", hyperparameters: [{ name: "beta1", defaultValue: 0.9 }] }]);
    context.disable();
    expect(seen).toEqual([`00-${span.traceId}-${span.spanId}-01`]);
  });
});
