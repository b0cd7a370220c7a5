import {
  context as contexts,
  isSpanContextValid,
  metrics,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type Meter,
  type Span,
  type Tracer,
} from "@opentelemetry/api";

/** Tracing and metrics of one process. */
export interface Telemetry {
  /** Settles once spans are recorded (at once when telemetry is off). */
  ready: Promise<void>;
  /** Sends what is left. */
  shutdown(): Promise<void>;
}

/**
 * Sends traces and metrics over OTLP when `OTEL_EXPORTER_OTLP_ENDPOINT` is set (the other `OTEL_*` variables hold too), and does nothing
 * otherwise: the SDK is loaded only when it is used, so start-up stays fast.
 */
export function startTelemetry(serviceName: string): Telemetry {
  if (!process.env["OTEL_EXPORTER_OTLP_ENDPOINT"]) return { ready: Promise.resolve(), shutdown: () => Promise.resolve() };
  const starting = import("@opentelemetry/sdk-node").then(({ NodeSDK }) => {
    const sdk = new NodeSDK({ serviceName: process.env["OTEL_SERVICE_NAME"] || serviceName });
    sdk.start();
    return sdk;
  });
  return {
    ready: starting.then(() => undefined),
    shutdown: async () => (await starting).shutdown(),
  };
}

/** Makes Stepwire's spans. */
function tracer(): Tracer {
  return trace.getTracer("stepwire");
}

/** Makes Stepwire's instruments. */
export function meter(): Meter {
  return metrics.getMeter("stepwire");
}

/** The W3C trace context header of a span, of a context, or of what is active; `undefined` when there is no trace. */
export function injectTraceparent(from?: Context | Span): string | undefined {
  const span = from && "spanContext" in from ? from : trace.getSpan(from ?? contexts.active());
  const context = span?.spanContext();
  if (!context || !isSpanContextValid(context)) return undefined;
  return `00-${context.traceId}-${context.spanId}-${context.traceFlags.toString(16).padStart(2, "0")}`;
}

/** The context that a W3C traceparent header describes; an unusable header starts a new trace, as the standard asks. */
function extractTraceparent(traceparent: string | undefined): Context {
  const match = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/.exec(traceparent ?? "");
  if (!match || traceparent?.startsWith("ff")) return ROOT_CONTEXT;
  const [, traceId = "", spanId = "", flags = "00"] = match;
  const spanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
  return isSpanContextValid(spanContext) ? trace.setSpanContext(ROOT_CONTEXT, spanContext) : ROOT_CONTEXT;
}

/**
 * Runs `fn` in a span that continues the trace of `traceparent`. A thrown error is recorded on the span and passes through.
 * Without telemetry the span is not recorded, but `injectTraceparent(span)` still hands on the caller's trace.
 */
export async function withTraceparent<T>(
  traceparent: string | undefined,
  name: string,
  attributes: Attributes,
  fn: (span: Span) => Promise<T>,
  kind: SpanKind = SpanKind.CONSUMER,
): Promise<T> {
  const parent = extractTraceparent(traceparent);
  const span = tracer().startSpan(name, { attributes, kind }, parent);
  try {
    return await contexts.with(trace.setSpan(parent, span), () => fn(span));
  } catch (error) {
    span.recordException(error instanceof Error ? error : new Error(String(error)));
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    span.end();
  }
}
