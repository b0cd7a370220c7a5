import { JetStreamApiError, JetStreamError } from "@nats-io/jetstream";
import { errors } from "@nats-io/transport-node";

const passing = [
  errors.TimeoutError,
  errors.NoRespondersError,
  errors.RequestError,
  errors.ConnectionError,
  errors.ClosedConnectionError,
  errors.DrainingConnectionError,
  JetStreamError,
];

/** Whether an error says that NATS is away, slow, starting or shutting down: the same request may succeed in a moment. */
export function isNatsAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // 503: JetStream has lost its leader, or is still loading.
  if (error instanceof JetStreamApiError) return error.status === 503;
  return passing.some((kind) => error instanceof kind) || isNatsAway(error.cause);
}
