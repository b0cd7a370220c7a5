import { context, propagation, ROOT_CONTEXT, type TextMapPropagator, trace } from "@opentelemetry/api";
import type { CreateEvaluationRequest, EvaluationInput as WireEvaluation } from "@stepwire/proto";
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
