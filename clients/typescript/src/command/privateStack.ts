import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { StepwireError } from "../stepwireError.js";

/** All of Stepwire, running for one command. */
export interface PrivateStack {
  trainerAddress: string;
  evaluatorAddress: string;
  /** Ends it and waits until it has ended. */
  stop(): Promise<void>;
}

const stopPatienceMs = 20_000;
/** For its last words; a process that it left behind may hold their stream open. */
const lastWordsMs = 2000;
const keptLogCharacters = 4000;

/** The program that runs everything on this machine, or `undefined` when this installation of the client comes without it. */
export function stackProgram(): string | undefined {
  const home = process.env["STEPWIRE_HOME"] || fileURLToPath(new URL("../../../../", import.meta.url));
  const program = join(home, "dist", "deploy", "local", "start.js");
  return existsSync(program) ? program : undefined;
}

/**
 * Starts everything with free ports.
 * @param modelRoot a folder that jobs may load their model from, besides the usual ones
 * @param onLog takes what it says until it is ready: the first start sets things up, which takes a while
 * @throws StepwireError UNAVAILABLE when it ends before it is ready, CANCELLED when the signal is aborted
 */
export async function startPrivateStack(
  program: string,
  modelRoot: string | undefined,
  signal: AbortSignal,
  onLog: (text: string) => void,
): Promise<PrivateStack> {
  const args = [program, "--private", ...(modelRoot === undefined ? [] : ["--model-root", modelRoot])];
  // A process group of its own: Ctrl-C in a terminal goes to the whole group, and the job must be cancelled before the stack ends.
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe", "ipc"], detached: true });
  let log = "";
  let ready = false;
  child.stderr?.on("data", (data: Buffer) => {
    const text = data.toString();
    if (!ready) onLog(text);
    log = (log + text).slice(-keptLogCharacters);
  });
  // Not "close": what the stack started may hold its standard error open for longer.
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  try {
    const addresses = await readyMessage(child, signal, () => log);
    ready = true;
    return { ...addresses, stop: () => stop(child, exited) };
  } catch (error) {
    await stop(child, exited);
    throw error;
  }
}

function readyMessage(
  child: ChildProcess,
  signal: AbortSignal,
  log: () => string,
): Promise<{ trainerAddress: string; evaluatorAddress: string }> {
  return new Promise((resolve, reject) => {
    const fail = (code: "UNAVAILABLE" | "CANCELLED", summary: string): void =>
      reject(new StepwireError(code, summary, { reason: "PRIVATE_STACK_FAILED" }));
    child.on("message", (message: unknown) => {
      if (isReady(message)) resolve({ trainerAddress: message.trainerAddress, evaluatorAddress: message.evaluatorAddress });
    });
    child.once("error", (error) => fail("UNAVAILABLE", `The private stack could not be started: ${error.message}`));
    child.once("exit", (code, killed) => {
      const end = (): void =>
        fail(
          "UNAVAILABLE",
          `The private stack ended (${killed ?? `exit code ${code}`}) before it was ready: ${log().trim().split("\n").at(-1) ?? ""}`,
        );
      // When this process itself stood still, the last words lie in the pipe and are read before "immediately".
      const timer = setTimeout(() => setImmediate(end), lastWordsMs);
      child.once("close", () => {
        clearTimeout(timer);
        end();
      });
    });
    const abort = (): void => fail("CANCELLED", "Interrupted while the private stack was starting.");
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}

function isReady(message: unknown): message is { trainerAddress: string; evaluatorAddress: string } {
  if (typeof message !== "object" || message === null || !("type" in message) || message.type !== "ready") return false;
  return (
    "trainerAddress" in message &&
    typeof message.trainerAddress === "string" &&
    "evaluatorAddress" in message &&
    typeof message.evaluatorAddress === "string"
  );
}

async function stop(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.pid === undefined) return;
  if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), stopPatienceMs);
  await exited;
  clearTimeout(timer);
  child.stderr?.destroy();
}
