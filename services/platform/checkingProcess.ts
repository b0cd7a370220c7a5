import type { Logger } from "./logger.js";
import { startRunner } from "./runnerProcess.js";
import { watchMemory } from "./watchMemory.js";

/** What a process that works on somebody's upload may take. */
export interface ProcessLimits {
  /** MiB of the process's JavaScript heap. */
  heapMegabytes: number;
  /** MiB of the process's whole memory, as the system counts it. */
  memoryMegabytes: number;
  /** Without progress. */
  stallMs: number;
}

/** How a process ended that works on an upload. */
export interface ProcessEnd<Message> {
  /** The last thing it said. */
  said: Message | undefined;
  /** It made no progress for as long as is allowed. */
  stalled: boolean;
  /** It took more memory than is allowed, or than there is. */
  outOfMemory: boolean;
  /** Its signal or exit code. */
  how: string;
}

/**
 * Works on an upload in a process of its own, which ends at once when the signal is aborted: a hostile or huge one costs the service neither time
 * nor memory.
 * @throws the signal's reason when it is aborted
 */
export async function runCheckingProcess<Message>(
  script: string,
  input: unknown,
  { limits, logger, signal }: { limits: ProcessLimits; logger: Logger; signal: AbortSignal },
): Promise<ProcessEnd<Message>> {
  signal.throwIfAborted();
  let said: Message | undefined;
  const runner = startRunner({
    script,
    environment: { NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} --max-old-space-size=${limits.heapMegabytes}` },
    logger,
    input,
    onMessage: (message) => (said = message as Message),
    stallMs: limits.stallMs,
  });
  signal.addEventListener("abort", runner.kill, { once: true });
  const memory = watchMemory(runner.pid, limits.memoryMegabytes, runner.kill);
  try {
    const exit = await runner.exited;
    signal.throwIfAborted();
    // V8 aborts a process whose heap is full; the system kills one that takes more than the machine has.
    const outOfMemory = memory.isExceeded() || exit.signal === "SIGABRT" || exit.signal === "SIGKILL" || exit.code === abortCode;
    return { said, stalled: exit.stalled ?? false, outOfMemory, how: exit.signal ?? `exit code ${exit.code}` };
  } finally {
    memory.stop();
    signal.removeEventListener("abort", runner.kill);
  }
}

/** What a shell reports for SIGABRT. */
const abortCode = 134;
