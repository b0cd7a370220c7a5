import { join, resolve } from "node:path";

/** What a process of Stepwire is told through its environment. */
export interface PlatformConfig {
  /** `NATS_URL`, for example `nats://127.0.0.1:4222`; several servers are separated by commas. */
  natsUrl: string;
  /** `NATS_USER`. */
  natsUser?: string;
  /** `NATS_PASSWORD`. */
  natsPassword?: string;
  /** `STEPWIRE_DATA`: the folder of the artifact store, absolute. */
  dataFolder: string;
  /** `STEPWIRE_MODEL_ROOTS`, separated by colons: the folders that a job's model may lie in, absolute. */
  modelRoots: string[];
  /** `STEPWIRE_DEFAULT_MODELS`: the folder of the models that the server ships by name; `models` inside the data folder when not set. */
  defaultModels: string;
  /** `STEPWIRE_LISTEN`: host:port; port 0 takes a free one. */
  listen: string;
  /** `STEPWIRE_LOG_LEVEL`. */
  logLevel: string;
  /** `STEPWIRE_LEASE_SECONDS`: how long a job stays with a worker that does not renew its lease. */
  leaseSeconds: number;
  /** `STEPWIRE_STOP_SECONDS`: how long a runner that was asked to stop may take before it is killed. */
  stopSeconds: number;
  /** `STEPWIRE_STALL_SECONDS`: how long a runner may show no progress before it is killed. */
  stallSeconds: number;
  /** `STEPWIRE_PREDICTOR_MODELS`: how many models a worker keeps in memory for predictions. */
  predictorModels: number;
  /** `STEPWIRE_PREDICTOR_IDLE_SECONDS`: how long one is kept that nobody asks. */
  predictorIdleSeconds: number;
}

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

function isAddress(value: string): boolean {
  const match = /^(?:\[[0-9a-fA-F:]+\]|[^:\s[\]]+):(\d{1,5})$/.exec(value);
  return match !== null && Number(match[1]) <= 65535;
}

/**
 * Reads the configuration of a process from environment variables.
 * @throws one Error that lists everything wrong with them.
 */
export function loadConfig(environment: NodeJS.ProcessEnv): PlatformConfig {
  const faults: string[] = [];
  const read = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const required = (name: string, allowed: string): string => {
    const value = read(name);
    if (value === undefined) faults.push(`${name} is not set: it must be ${allowed}`);
    return value ?? "";
  };
  const checked = (name: string, value: string, isValid: (value: string) => boolean, allowed: string): string => {
    if (!isValid(value)) faults.push(`${name} is "${value}": it must be ${allowed}`);
    return value;
  };

  const natsUrl = required("NATS_URL", "the address of a NATS server, for example nats://127.0.0.1:4222");
  const natsUser = read("NATS_USER");
  const natsPassword = read("NATS_PASSWORD");
  if ((natsUser === undefined) !== (natsPassword === undefined))
    faults.push("NATS_USER and NATS_PASSWORD must be set together or not at all");
  const data = required("STEPWIRE_DATA", "the folder that keeps checkpoints and data sets");
  const listen = checked("STEPWIRE_LISTEN", read("STEPWIRE_LISTEN") ?? "127.0.0.1:0", isAddress, "host:port, for example 127.0.0.1:50051");
  const logLevel = checked(
    "STEPWIRE_LOG_LEVEL",
    read("STEPWIRE_LOG_LEVEL") ?? "info",
    (value) => logLevels.includes(value),
    `one of ${logLevels.join(", ")}`,
  );
  const count = (name: string, byDefault: number, most: number): number => {
    const isCount = (value: string) => Number.isInteger(Number(value)) && Number(value) >= 1 && Number(value) <= most;
    return Number(checked(name, read(name) ?? String(byDefault), isCount, `a whole number from 1 to ${most}`));
  };
  const seconds = (name: string, byDefault: number, most: number): number =>
    Number(
      checked(
        name,
        read(name) ?? String(byDefault),
        (value) => Number(value) >= 1 && Number(value) <= most,
        `a number of seconds from 1 to ${most}`,
      ),
    );
  const leaseSeconds = seconds("STEPWIRE_LEASE_SECONDS", 15, 3600);
  const stopSeconds = seconds("STEPWIRE_STOP_SECONDS", 10, 3600);
  const stallSeconds = seconds("STEPWIRE_STALL_SECONDS", 600, 86_400);
  const predictorModels = count("STEPWIRE_PREDICTOR_MODELS", 2, 64);
  const predictorIdleSeconds = seconds("STEPWIRE_PREDICTOR_IDLE_SECONDS", 120, 86_400);
  if (faults.length > 0) throw new Error(`The configuration cannot be used:\n${faults.map((fault) => `  ${fault}`).join("\n")}`);

  const dataFolder = resolve(data);
  return {
    natsUrl,
    ...(natsUser === undefined ? {} : { natsUser }),
    ...(natsPassword === undefined ? {} : { natsPassword }),
    dataFolder,
    modelRoots: (read("STEPWIRE_MODEL_ROOTS") ?? "")
      .split(":")
      .filter((root) => root !== "")
      .map((root) => resolve(root)),
    defaultModels: resolve(read("STEPWIRE_DEFAULT_MODELS") ?? join(dataFolder, "models")),
    listen,
    logLevel,
    leaseSeconds,
    stopSeconds,
    stallSeconds,
    predictorModels,
    predictorIdleSeconds,
  };
}
