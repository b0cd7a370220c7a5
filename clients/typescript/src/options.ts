import { type ChannelCredentials, credentials } from "@grpc/grpc-js";
import { StepwireError } from "./stepwireError.js";

/** Where the services are and how to call them. */
export interface StepwireOptions {
  /** `host:port`; by default $STEPWIRE_TRAINER_ADDRESS, else 127.0.0.1:50051. */
  trainerAddress?: string | undefined;
  /** `host:port`; by default $STEPWIRE_EVALUATOR_ADDRESS, else 127.0.0.1:50052. */
  evaluatorAddress?: string | undefined;
  /** `true`: TLS with the system's certificates; or the PEM files' contents. Plain text when neither this nor `credentials` is given. */
  tls?: boolean | { rootCertificates?: Buffer; privateKey?: Buffer; certificateChain?: Buffer } | undefined;
  /** Credentials made with @grpc/grpc-js; wins over `tls`. */
  credentials?: ChannelCredentials | undefined;
  /** How long a call with one answer may take, in milliseconds; 30,000 by default. Watches and uploads have no limit. */
  deadlineMs?: number | undefined;
}

/** Options of one call. */
export interface CallOptions {
  /** Milliseconds until the call ends with DEADLINE_EXCEEDED. */
  deadlineMs?: number | undefined;
  /** Ends the call with CANCELLED. */
  signal?: AbortSignal | undefined;
}

/** Every default filled in. */
export interface CompiledOptions {
  trainerAddress: string;
  evaluatorAddress: string;
  credentials: ChannelCredentials;
  deadlineMs: number;
}

/** @throws StepwireError INVALID_ARGUMENT when an option cannot be used. */
export function compileOptions(options: StepwireOptions, environment: NodeJS.ProcessEnv = process.env): CompiledOptions {
  const compiled = {
    trainerAddress: options.trainerAddress ?? (environment["STEPWIRE_TRAINER_ADDRESS"] || "127.0.0.1:50051"),
    evaluatorAddress: options.evaluatorAddress ?? (environment["STEPWIRE_EVALUATOR_ADDRESS"] || "127.0.0.1:50052"),
    credentials: options.credentials ?? channelCredentials(options.tls),
    deadlineMs: options.deadlineMs ?? 30_000,
  };
  const violations = [
    ...(["trainerAddress", "evaluatorAddress"] as const)
      .filter((field) => !/^\S+$/.test(compiled[field]))
      .map((field) => ({ field, reason: "INVALID_ADDRESS", description: `"${compiled[field]}" is not an address; give host:port` })),
    ...deadlineViolations(compiled.deadlineMs),
  ];
  if (violations.length > 0) throw StepwireError.invalid(violations);
  return compiled;
}

/** What is wrong with a deadline. */
export function deadlineViolations(deadlineMs: number | undefined): { field: string; reason: string; description: string }[] {
  if (deadlineMs === undefined || deadlineMs > 0) return [];
  return [{ field: "deadlineMs", reason: "OUT_OF_RANGE", description: `${deadlineMs} is out of range; give milliseconds above 0` }];
}

function channelCredentials(tls: StepwireOptions["tls"]): ChannelCredentials {
  if (!tls) return credentials.createInsecure();
  const { rootCertificates, privateKey, certificateChain } = tls === true ? {} : tls;
  return credentials.createSsl(rootCertificates ?? null, privateKey ?? null, certificateChain ?? null);
}
