import { fork, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Logger } from "./logger.js";

export { runnerMain } from "./runnerMain.js";

/** What a runner and its supervisor tell each other: plain data with a `type`. NaN, infinities and typed arrays survive. */
export interface RunnerMessage {
  type: string;
  [key: string]: unknown;
}

/** What a runner is started with. */
export interface RunnerOptions {
  /** The file whose main calls `runnerMain`. */
  script: string;
  /** Added to this process's own. */
  environment?: Record<string, string>;
  logger: Logger;
  /** Handed to `runnerMain`'s handler. */
  input: unknown;
  onMessage(message: RunnerMessage): void;
}

/** How a runner ended. */
export interface RunnerExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A runner, as its supervisor sees it. */
export interface Runner {
  pid: number;
  /** Settles, always, once the process is gone and its messages were handed over. */
  exited: Promise<RunnerExit>;
  /** Asks: the runner sees `shouldStop()`. */
  stop(): void;
  /** Ends it at once (SIGKILL). */
  kill(): void;
}

/** Starts a runner as a child of this process. @throws Error when no process can be started. */
export function startRunner(options: RunnerOptions): Runner {
  const child = fork(options.script, [], {
    // "advanced" keeps NaN and infinities, which JSON would turn into null.
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    execArgv: [],
    env: { ...process.env, ...options.environment, STEPWIRE_PARENT_PID: String(process.pid) },
  });
  if (child.pid === undefined) throw new Error(`The runner ${options.script} could not be started.`);
  const logger = options.logger.child({ runner: child.pid });
  logLines(child.stdout, (line) => logger.info(line));
  logLines(child.stderr, (line) => logger.warn(line));
  child.on("message", (message) => {
    if (isRunnerMessage(message)) options.onMessage(message);
  });
  child.on("error", (error) => logger.error({ err: error }, "runner"));
  const ended = new Promise<RunnerExit>((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
  // "disconnect" comes after the last message, "close" after the last line of output.
  const drained = Promise.all(["disconnect", "close"].map((event) => new Promise((resolve) => child.once(event, resolve))));
  const exited = ended.then(async (exit) => {
    // A process that the runner left behind could hold its output open.
    await Promise.race([drained, new Promise((resolve) => setTimeout(resolve, 5000).unref())]);
    return exit;
  });
  tell(child, { type: "start", input: options.input });
  return {
    pid: child.pid,
    exited,
    stop: () => tell(child, { type: "stop" }),
    kill: () => void child.kill("SIGKILL"),
  };
}

/** The channel may close at any moment; what happened then is what `exited` says. */
function tell(child: ChildProcess, message: { type: string; input?: unknown }): void {
  if (child.connected) child.send(message, () => undefined);
}

function isRunnerMessage(message: unknown): message is RunnerMessage {
  return typeof message === "object" && message !== null && "type" in message && typeof message.type === "string";
}

function logLines(stream: Readable | null, log: (line: string) => void): void {
  if (stream) createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on("line", log);
}
