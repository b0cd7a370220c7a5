import { connect, type NatsConnection } from "@nats-io/transport-node";
import type { PlatformConfig } from "./config.js";
import type { Logger } from "./logger.js";

export type { NatsConnection } from "@nats-io/transport-node";

const startMilliseconds = 10_000;

/**
 * Connects to NATS and stays connected: it reconnects forever.
 * Waits up to 10 seconds for a server that is not there yet.
 * @throws Error that names NATS_URL.
 */
export async function connectNats(
  config: Pick<PlatformConfig, "natsUrl" | "natsUser" | "natsPassword">,
  name: string,
  logger: Logger,
): Promise<NatsConnection> {
  const deadline = Date.now() + startMilliseconds;
  for (;;) {
    try {
      const connection = await connect({
        servers: config.natsUrl.split(",").map((server) => server.trim()),
        name,
        ...(config.natsUser === undefined ? {} : { user: config.natsUser }),
        ...(config.natsPassword === undefined ? {} : { pass: config.natsPassword }),
        // The default gives up after 10 attempts, and a worker that gave up looks alive and does nothing.
        maxReconnectAttempts: -1,
        reconnectTimeWait: 250,
        reconnectJitter: 250,
        timeout: 5000,
        pingInterval: 10_000,
        ignoreAuthErrorAbort: true,
      });
      void logStatus(connection, logger);
      void failWhenLost(connection);
      return connection;
    } catch (error) {
      if (Date.now() >= deadline) {
        const cause = error instanceof Error ? error.message : String(error);
        throw new Error(`NATS at NATS_URL=${config.natsUrl} could not be reached within ${startMilliseconds / 1000} seconds: ${cause}`, {
          cause: error,
        });
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

async function logStatus(connection: NatsConnection, logger: Logger): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === "disconnect") logger.warn({ server: status.server }, "lost the connection to NATS");
    else if (status.type === "reconnect") logger.info({ server: status.server }, "connected to NATS again");
    else if (status.type === "error") logger.error({ err: status.error }, "NATS reported an error");
  }
}

/** A connection that has ended by itself never comes back: the process has to, which the uncaught error brings about. */
async function failWhenLost(connection: NatsConnection): Promise<void> {
  const error = await connection.closed();
  if (error) throw new Error("The connection to NATS has ended for good.", { cause: error });
}
