import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { status } from "@grpc/grpc-js";
import type { Logger } from "#platform/logger.js";
import { startRunner } from "#platform/runnerProcess.js";
import { invalidArgument, StatusError } from "#platform/statusError.js";
import type { CheckedDataset, ImportInput, ImportMessage } from "./importProtocol.js";

/** What checking an upload may take. */
export interface CheckLimits {
  /** MiB of the process's JavaScript heap. */
  heapMegabytes: number;
  /** MiB of the process's whole memory, as the system counts it. */
  memoryMegabytes: number;
  /** Without progress. */
  stallMs: number;
}

const program = fileURLToPath(import.meta.resolve("#trainer/importer/main.js"));
const lookMs = 200;

/**
 * Checks an upload in a process of its own, which ends at once when the signal is aborted.
 * @throws StatusError INVALID_ARGUMENT with the faults of the data; RESOURCE_EXHAUSTED when it takes more memory, time or disk than allowed
 */
export async function checkUpload(
  input: ImportInput,
  options: { limits: CheckLimits; logger: Logger; signal: AbortSignal },
): Promise<CheckedDataset> {
  const { limits, logger, signal } = options;
  signal.throwIfAborted();
  let said: ImportMessage | undefined;
  const runner = startRunner({
    script: program,
    environment: { NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} --max-old-space-size=${limits.heapMegabytes}` },
    logger,
    input,
    onMessage: (message) => (said = message as ImportMessage),
    stallMs: limits.stallMs,
  });
  signal.addEventListener("abort", runner.kill, { once: true });
  const memory = watchMemory(runner.pid, limits.memoryMegabytes, runner.kill);
  try {
    const exit = await runner.exited;
    signal.throwIfAborted();
    if (said?.type === "checked") return said.dataset;
    if (said?.type === "faults") throw invalidArgument(said.faults);
    if (exit.stalled)
      throw exhausted(
        "IMPORT_STALLED",
        `checking the data set made no progress for ${limits.stallMs / 1000} seconds, so it was given up; a damaged Parquet file does that`,
      );
    // V8 aborts a process whose heap is full; the system kills one that takes more than the machine has.
    if (memory.isExceeded() || exit.signal === "SIGABRT" || exit.signal === "SIGKILL" || exit.code === abortCode)
      throw exhausted(
        "IMPORT_TOO_LARGE",
        "checking the data set takes more memory than this server gives an import; split the data set, or write Parquet with smaller row groups and pages",
      );
    throw diskFault(said) ?? new Error(`the import's process ended (${exit.signal ?? exit.code}): ${describe(said)}`);
  } finally {
    memory.stop();
    signal.removeEventListener("abort", runner.kill);
  }
}

/** RESOURCE_EXHAUSTED for a disk that is full; undefined for another error. */
export function diskFault(error: unknown): StatusError | undefined {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  if (code !== "ENOSPC" && code !== "EDQUOT") return undefined;
  return exhausted("DISK_FULL", "the server's disk has no room for the data set");
}

export function exhausted(reason: string, message: string): StatusError {
  return new StatusError(status.RESOURCE_EXHAUSTED, reason, message);
}

/** What a shell reports for SIGABRT. */
const abortCode = 134;

function describe(said: ImportMessage | undefined): string {
  return said?.type === "failed" ? said.message : "it said nothing";
}

/** Bytes outside the heap have no limit of their own: what the whole process has is looked up, where the system tells. */
function watchMemory(pid: number, megabytes: number, onExceeded: () => void): { isExceeded(): boolean; stop(): void } {
  let exceeded = false;
  const look = async () => {
    const text = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    const kilobytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1] ?? 0);
    if (kilobytes <= megabytes * 1024) return;
    exceeded = true;
    onExceeded();
  };
  const timer = setInterval(() => void look(), lookMs);
  return { isExceeded: () => exceeded, stop: () => clearInterval(timer) };
}
