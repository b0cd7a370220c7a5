import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Whether a process with this id runs, whoever it is. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * What tells a process from a later one that got the same id, as happens after a restart of the machine or of a container: its id, and on
 * Linux when it started, in ticks since the machine did.
 * @returns undefined when there is no such process
 */
export function processIdentity(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined;
  if (process.platform !== "linux") return String(pid);
  try {
    // The name of the program stands in parentheses and may hold anything; the start time is the 20th field behind it (man 5 proc).
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(")").at(-1)?.trim().split(" ");
    return `${pid} ${fields?.[19] ?? ""}`;
  } catch {
    return undefined;
  }
}

/** The command line of a process; empty when there is no such process. */
export function commandLine(pid: number): string {
  try {
    return process.platform === "linux"
      ? readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")
      : execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}
