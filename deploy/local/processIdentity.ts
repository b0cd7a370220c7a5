import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Whether a process with this id runs, whoever it is. One that has ended keeps its id until its parent has looked; in a container whose
 * first process never does, for ever.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return statFields(pid)?.[0] !== "Z";
}

/** What Linux says of a process behind its name, which stands in parentheses and may hold anything (man 5 proc); undefined elsewhere. */
function statFields(pid: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(")").at(-1)?.trim().split(" ");
  } catch {
    return undefined;
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
  const started = statFields(pid)?.[19];
  return started === undefined ? undefined : `${pid} ${started}`;
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
