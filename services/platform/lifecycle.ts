import { loadConfig, type PlatformConfig } from "./config.js";
import { createLogger, type Logger } from "./logger.js";
import { startTelemetry } from "./telemetry.js";

/** What a starting service is given. */
export interface ServiceContext {
  /** Aborted when the service is asked to stop. */
  signal: AbortSignal;
  /** Says that the service does its work, to its log and to the process that started it. */
  ready(address?: string): void;
  logger: Logger;
  config: PlatformConfig;
}

/** A running service. */
export interface RunningService {
  /** Finishes what must be finished. */
  stop(): Promise<void>;
}

/** What a service needs to stop beside what its runners take: to write what has become of its work and to send what waits. */
const reserveMs = 5000;

/**
 * Runs a service until SIGTERM, SIGINT or the end of the process that started it (IPC "disconnect"), then stops it once, within the grace
 * period, and exits: with 0, or with 1 when it did not start, did not stop in time or met an uncaught error.
 * @param ownGraceMs the grace period; `STEPWIRE_STOP_SECONDS` and five seconds more when not set
 */
export async function runService(
  name: string,
  start: (context: ServiceContext) => Promise<RunningService | void>,
  ownGraceMs?: number,
): Promise<void> {
  const fallback = createLogger(name, "info");
  let config: PlatformConfig;
  try {
    config = loadConfig(process.env);
  } catch (error) {
    fallback.fatal(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
  const logger = createLogger(name, config.logLevel);
  const graceMilliseconds = ownGraceMs ?? 1000 * config.stopSeconds + reserveMs;
  const telemetry = startTelemetry(`stepwire-${name}`);
  const stopping = new AbortController();

  const crash = (error: unknown) => {
    logger.fatal({ err: error }, "uncaught error");
    process.exit(1);
  };
  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);

  let running: Promise<RunningService | void> | undefined;
  const stop = async (reason: string) => {
    if (stopping.signal.aborted) return;
    logger.info({ reason }, "stopping");
    const timer = setTimeout(() => {
      logger.error({ graceMilliseconds }, "did not stop within the grace period");
      process.exit(1);
    }, graceMilliseconds);
    stopping.abort();
    await (await running)?.stop();
    await telemetry.shutdown().catch((error: unknown) => logger.warn({ err: error }, "telemetry was not sent"));
    clearTimeout(timer);
    logger.info("stopped");
    process.exit(0);
  };
  for (const event of ["SIGTERM", "SIGINT"] as const) process.on(event, () => void stop(event).catch(crash));
  process.on("disconnect", () => void stop("the parent process ended").catch(crash));

  const ready = (address?: string) => {
    logger.info({ address }, "ready");
    process.send?.({ type: "ready", ...(address === undefined ? {} : { address }) }, undefined, {}, () => undefined);
  };
  running = start({ signal: stopping.signal, ready, logger, config });
  try {
    await running;
  } catch (error) {
    if (stopping.signal.aborted) return;
    logger.fatal({ err: error }, "could not start");
    process.exit(1);
  }
}
