import { Metadata } from "@grpc/grpc-js";
import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { StepwireError } from "../stepwireError.js";
import { statusCodes } from "../statusCodes.js";

/** A call's span and the metadata that carries it to the server. Both do nothing without an OpenTelemetry SDK. */
export interface ClientSpan {
  metadata: Metadata;
  /** Ends the span, with the error when there is one. */
  end(error?: StepwireError): void;
}

/** @param method for example `TrainerService/GetTrainingJob` */
export function startClientSpan(method: string): ClientSpan {
  const [service = "", name = ""] = method.split("/");
  const span = trace.getTracer("@stepwire/client").startSpan(`stepwire.v1.${method}`, {
    kind: SpanKind.CLIENT,
    attributes: { "rpc.system": "grpc", "rpc.service": `stepwire.v1.${service}`, "rpc.method": name },
  });
  const metadata = new Metadata();
  propagation.inject(trace.setSpan(context.active(), span), metadata, { set: (carrier, key, value) => carrier.set(key, value) });
  return {
    metadata,
    end: (error) => {
      span.setAttribute("rpc.grpc.status_code", error ? statusCodes.indexOf(error.code) + 1 : 0);
      if (error) span.setStatus({ code: SpanStatusCode.ERROR, message: error.summary });
      span.end();
    },
  };
}
