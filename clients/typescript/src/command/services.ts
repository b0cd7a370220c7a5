import { connect } from "node:net";
import { requireValid } from "../calls/checkArguments.js";
import { compileOptions } from "../options.js";
import { Stepwire } from "../stepwire.js";
import { StepwireError } from "../stepwireError.js";
import { type GlobalOptions, globalViolations } from "./globalOptions.js";
import { interrupt } from "./interrupt.js";
import type { Output } from "./output.js";
import { type PrivateStack, stackProgram, startPrivateStack } from "./privateStack.js";

/** What a command needs. */
export interface ServiceNeeds {
  trainer?: boolean;
  evaluator?: boolean;
  /** A private stack may be started when nothing answers. */
  mayStart?: boolean;
  /** A local model folder that a private stack must allow. */
  modelFolder?: string | undefined;
}

interface Service {
  name: string;
  address: string;
}

const probeMs = 2000;

/**
 * Runs something with a connection to the services, starting a private stack for as long as it takes when no service answers and the user
 * named no address.
 * @throws StepwireError INVALID_ARGUMENT for addresses that cannot be used; UNAVAILABLE, saying how to start the services
 */
export async function withServices<T>(
  globals: GlobalOptions,
  needs: ServiceNeeds,
  output: Output,
  run: (stepwire: Stepwire) => Promise<T>,
): Promise<T> {
  requireValid(globalViolations(globals));
  const { trainerAddress, evaluatorAddress } = compileOptions({
    trainerAddress: globals.trainerAddress,
    evaluatorAddress: globals.evaluatorAddress,
  });
  const named =
    globals.trainerAddress ??
    globals.evaluatorAddress ??
    (process.env["STEPWIRE_TRAINER_ADDRESS"] || process.env["STEPWIRE_EVALUATOR_ADDRESS"]);
  const wanted: Service[] = [
    ...(needs.trainer ? [{ name: "trainer", address: trainerAddress }] : []),
    ...(needs.evaluator ? [{ name: "evaluator", address: evaluatorAddress }] : []),
  ];
  const probes = await Promise.all(wanted.map(({ address }) => probe(address)));
  const silent = wanted.filter((_, index) => probes[index] !== undefined);

  let stack: PrivateStack | undefined;
  if (silent.length > 0) {
    const program = needs.mayStart && named === undefined && silent.length === wanted.length ? stackProgram() : undefined;
    if (program === undefined) throw noService(silent, [...new Set(probes.filter((why) => why !== undefined))].join(", "));
    output.note(`No service answers at ${silent.map(({ address }) => address).join(" and ")}: starting a private stack for this command.`);
    stack = await startPrivateStack(program, needs.modelFolder, interrupt().signal, (text) => process.stderr.write(text));
  }
  const stepwire = new Stepwire(stack ? addressesOf(stack) : { trainerAddress, evaluatorAddress });
  try {
    return await run(stepwire);
  } catch (error) {
    throw explained(StepwireError.from(error), wanted);
  } finally {
    stepwire.close();
    await stack?.stop();
  }
}

function addressesOf({ trainerAddress, evaluatorAddress }: PrivateStack): { trainerAddress: string; evaluatorAddress: string } {
  return { trainerAddress, evaluatorAddress };
}

const howToStart =
  "Start Stepwire with `npm start` in its folder (`npm run setup` first, once), or name running services with --trainer-address and --evaluator-address.";

function listed(services: readonly Service[]): string {
  return services.map(({ name, address }) => `${address} (${name})`).join(" and ");
}

function noService(silent: readonly Service[], why: string): StepwireError {
  return new StepwireError("UNAVAILABLE", `No service answers at ${listed(silent)}: ${why}. ${howToStart}`, { reason: "NO_SERVICE" });
}

/** What gRPC itself says about a connection, with the addresses and what to do; errors of the services have a reason and stay as they are. */
function explained(error: StepwireError, wanted: readonly Service[]): StepwireError {
  if (error.reason !== "") return error;
  if (error.code === "UNAVAILABLE") return noService(wanted, error.summary.replace(/\.?( Resolution note: .?)?$/, ""));
  if (error.code !== "UNIMPLEMENTED") return error;
  const summary =
    `What answers at ${listed(wanted)} does not know this call: ${error.summary.replace(/\.$/, "")}. ` +
    "Are --trainer-address and --evaluator-address the right way round, and are the services of this version?";
  return new StepwireError("UNIMPLEMENTED", summary, { reason: "OTHER_SERVICE", cause: error });
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "the host's name cannot be looked up",
};

/** Why nothing accepts connections, or `undefined` when something does; addresses of other forms than host:port are left to gRPC. */
async function probe(address: string): Promise<string | undefined> {
  const match = /^\[?([^[\]/]+?)\]?:(\d+)$/.exec(address);
  if (!match || /^(dns|unix):/.test(address)) return undefined;
  const socket = connect({ host: match[1] ?? "", port: Number(match[2]), timeout: probeMs });
  try {
    return await new Promise<string | undefined>((resolve) => {
      socket.once("connect", () => resolve(undefined));
      socket.once("timeout", () => resolve(`no answer within ${probeMs / 1000} s`));
      socket.once("error", (error: NodeJS.ErrnoException) => resolve(reasons[error.code ?? ""] ?? error.message));
    });
  } finally {
    socket.destroy();
  }
}
