import { type ChannelCredentials, credentials } from "@grpc/grpc-js";
import type { FieldViolation } from "@stepwire/proto";
import { addressProblem } from "./address.js";
import { optionViolations, requireValid } from "./calls/checkArguments.js";
import { unknownKeys } from "./mapping/writeMessage.js";
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

export const callOptionNames = ["deadlineMs", "signal"] as const;

/** Every default filled in. */
export interface CompiledOptions {
  trainerAddress: string;
  evaluatorAddress: string;
  credentials: ChannelCredentials;
  deadlineMs: number;
}

/** Where an address comes from when no option names it. */
const addressSources = {
  trainerAddress: { variable: "STEPWIRE_TRAINER_ADDRESS", usual: "127.0.0.1:50051" },
  evaluatorAddress: { variable: "STEPWIRE_EVALUATOR_ADDRESS", usual: "127.0.0.1:50052" },
} as const;
type AddressName = keyof typeof addressSources;
const addressNames = Object.keys(addressSources) as AddressName[];

/** @throws StepwireError INVALID_ARGUMENT when an option, or the environment variable that stands for it, cannot be used. */
export function compileOptions(options: StepwireOptions, environment: NodeJS.ProcessEnv = process.env): CompiledOptions {
  requireValid(
    optionViolations(options, ["trainerAddress", "evaluatorAddress", "tls", "credentials", "deadlineMs"], ""),
    addressViolations(options, environment),
  );
  return {
    trainerAddress: addressOf("trainerAddress", options, environment),
    evaluatorAddress: addressOf("evaluatorAddress", options, environment),
    credentials: options.credentials ?? channelCredentials(options.tls),
    deadlineMs: options.deadlineMs ?? 30_000,
  };
}

/** What is wrong with the addresses; the field is the option or the environment variable that says it. */
export function addressViolations(
  options: Pick<StepwireOptions, AddressName>,
  environment: NodeJS.ProcessEnv = process.env,
): FieldViolation[] {
  return addressNames.flatMap((name) => {
    const description = addressProblem(addressOf(name, options, environment));
    const field = options?.[name] === undefined ? addressSources[name].variable : name;
    return description === undefined ? [] : [{ field, reason: "INVALID_ADDRESS", description }];
  });
}

function addressOf(name: AddressName, options: Pick<StepwireOptions, AddressName>, environment: NodeJS.ProcessEnv): string {
  const { variable, usual } = addressSources[name];
  // Like an unset variable, an empty one says nothing.
  return options?.[name] ?? (environment[variable] || usual);
}

function channelCredentials(tls: StepwireOptions["tls"]): ChannelCredentials {
  if (!tls) return credentials.createInsecure();
  const files = tls === true ? {} : tls;
  requireValid(unknownKeys(files, ["rootCertificates", "privateKey", "certificateChain"], "tls"));
  const { rootCertificates, privateKey, certificateChain } = files;
  try {
    return credentials.createSsl(rootCertificates ?? null, privateKey ?? null, certificateChain ?? null);
  } catch (error) {
    const description = `cannot be used: ${error instanceof Error ? error.message : String(error)}`;
    throw StepwireError.invalid([{ field: "tls", reason: "INVALID_TLS", description }]);
  }
}
