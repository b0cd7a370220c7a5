import { connect } from "node:net";
import { compileOptions } from "../options.js";
import { Stepwire } from "../stepwire.js";
import { StepwireError } from "../stepwireError.js";
import type { GlobalOptions } from "./globalOptions.js";
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

const probeMs = 2000;

/**
 * Runs something with a connection to the services, starting a private stack for as long as it takes when no service answers and the user
 * named no address.
 * @throws StepwireError UNAVAILABLE, saying how to start the services
 */
export async function withServices<T>(
  globals: GlobalOptions,
  needs: ServiceNeeds,
  output: Output,
  run: (stepwire: Stepwire) => Promise<T>,
): Promise<T> {
  const { trainerAddress, evaluatorAddress } = compileOptions(globals);
  const named =
    globals.trainerAddress ??
    globals.evaluatorAddress ??
    (process.env["STEPWIRE_TRAINER_ADDRESS"] || process.env["STEPWIRE_EVALUATOR_ADDRESS"]);
  const wanted = [
    ...(needs.trainer ? [{ name: "trainer", address: trainerAddress }] : []),
    ...(needs.evaluator ? [{ name: "evaluator", address: evaluatorAddress }] : []),
  ];
  const answers = await Promise.all(wanted.map(({ address }) => isListening(address)));
  const silent = wanted.filter((_, index) => !answers[index]);

  let stack: PrivateStack | undefined;
  if (silent.length > 0) {
    const program = needs.mayStart && named === undefined && silent.length === wanted.length ? stackProgram() : undefined;
    if (program === undefined) throw noService(silent);
    output.note(`No service answers at ${silent.map(({ address }) => address).join(" and ")}: starting a private stack for this command.`);
    stack = await startPrivateStack(program, needs.modelFolder, interrupt().signal, (text) => process.stderr.write(text));
  }
  const stepwire = new Stepwire(stack ?? { trainerAddress, evaluatorAddress });
  try {
    return await run(stepwire);
  } finally {
    stepwire.close();
    await stack?.stop();
  }
}

function noService(silent: readonly { name: string; address: string }[]): StepwireError {
  const where = silent.map(({ name, address }) => `${address} (${name})`).join(" and ");
  const how =
    "Start Stepwire with `npm start` in its folder (`npm run setup` first, once), or name running services with --trainer-address and --evaluator-address.";
  return new StepwireError("UNAVAILABLE", `No service answers at ${where}. ${how}`, { reason: "NO_SERVICE" });
}

/** Whether something accepts connections; addresses of other forms than host:port are left to gRPC. */
async function isListening(address: string): Promise<boolean> {
  const match = /^\[?([^[\]/]+?)\]?:(\d+)$/.exec(address);
  if (!match) return true;
  const socket = connect({ host: match[1] ?? "", port: Number(match[2]), timeout: probeMs });
  try {
    return await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("timeout", () => resolve(false));
      socket.once("error", () => resolve(false));
    });
  } finally {
    socket.destroy();
  }
}
