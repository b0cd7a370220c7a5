import { readFile } from "node:fs/promises";

const lookMs = 50;

/** A watch over another process's memory. */
export interface MemoryWatch {
  isExceeded(): boolean;
  stop(): void;
}

/**
 * Bytes outside the heap have no limit of their own: what the whole process has is looked up, where the system tells.
 * @param megabytes MiB, as the system counts them
 */
export function watchMemory(pid: number, megabytes: number, onExceeded: () => void): MemoryWatch {
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
