import { fork, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Logger } from "./logger.js";
import { beat, type RunnerMessage } from "./runnerMessage.js";

export type { RunnerMessage } from "./runnerMessage.js";
export { runnerMain } from "./runnerMain.js";

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
  /** A runner that says nothing for this long is killed; never when not set. The time that it takes to start does not count. */
  stallMs?: number;
}

/** How a runner ended. */
export interface RunnerExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** It was killed because it showed no progress. */
  stalled?: boolean;
}

/** A runner, as its supervisor sees it. */
export interface Runner {
  pid: number;
  /** Settles, always, once the process is gone and its messages were handed over. */
  exited: Promise<RunnerExit>;
  /** How long it has said nothing; neither its start nor time in which this process stood still counts. */
  quietMs(): number;
  /** Hands it another piece of work: it comes out of its `requests`. */
  request(input: unknown): void;
  /** Asks: the runner sees `shouldStop()`, and `requests` ends. */
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
  const logger = options.logger.child({ runner: child.pid });
  child.on("error", (error) => logger.error({ err: error }, "runner"));
  if (child.pid === undefined) throw new Error(`The runner ${options.script} could not be started.`);
  logLines(child.stdout, (line) => logger.info(line));
  logLines(child.stderr, (line) => logger.warn(line));
  const kill = () => void child.kill("SIGKILL");
  const quiet = watchQuiet(options.stallMs ?? Number.POSITIVE_INFINITY, kill);
  child.on("message", (message) => {
    quiet.sign();
    if (isRunnerMessage(message) && message.type !== beat.type) options.onMessage(message);
  });
  const ended = new Promise<RunnerExit>((resolve) =>
    child.once("exit", (code, signal) => resolve({ code, signal, ...(quiet.stop() && { stalled: true }) })),
  );
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
    quietMs: quiet.quietMs,
    request: (work) => tell(child, { type: "request", input: work }),
    stop: () => tell(child, { type: "stop" }),
    kill,
  };
}

/** Loading the engine takes a second, and on a crowded machine or from a slow disk much longer; nothing can be said meanwhile. */
const startMs = 120_000;

/**
 * Calls `onStall` after `limitMs` without a sign of life. Until the first one, `startMs` more are given. Time in which this process itself
 * stood still does not count: what its runner said meanwhile waits to be read.
 */
function watchQuiet(limitMs: number, onStall: () => void): { sign(): void; quietMs(): number; stop(): boolean } {
  const tickMs = Math.min(1000, limitMs / 10);
  let quietMs = -startMs;
  let stalled = false;
  const timer = setInterval(() => {
    quietMs += tickMs;
    if (quietMs < limitMs || stalled) return;
    stalled = true;
    onStall();
  }, tickMs);
  return {
    sign: () => (quietMs = 0),
    quietMs: () => Math.max(0, quietMs),
    stop: () => {
      clearInterval(timer);
      return stalled;
    },
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
