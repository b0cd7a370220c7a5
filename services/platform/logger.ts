import { isSpanContextValid, trace } from "@opentelemetry/api";
import { destination, pino, type Logger } from "pino";

export type { Logger } from "pino";

/**
 * A logger that writes JSON lines to stderr, each at once, so that nothing is lost when the process is killed.
 * Lines written while a span is active carry its trace_id and span_id.
 */
export function createLogger(name: string, level: string): Logger {
  return pino({ name, level, mixin: activeSpan }, destination({ dest: 2, sync: true }));
}

function activeSpan(): Record<string, string> {
  const context = trace.getActiveSpan()?.spanContext();
  return context && isSpanContextValid(context) ? { trace_id: context.traceId, span_id: context.spanId } : {};
}
