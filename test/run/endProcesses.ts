import { readdirSync, readFileSync } from "node:fs";
import { testEnvironment } from "./testFolder.js";

/**
 * Ends at once every process of a run of the tests, known by the folder in its environment: services are in groups of their own, and one that stands still
 * does not see that its parent is gone. This process comes last, if it is one of them.
 */
export function endProcesses(folder: string): void {
  const [[name, value] = []] = Object.entries(testEnvironment(folder));
  for (const pid of processes().toSorted((a, b) => Number(a === process.pid) - Number(b === process.pid)))
    if (environmentOf(pid).includes(`${name}=${value}`)) end(pid);
}

/** None where the system does not show them. */
function processes(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** Of one that has ended, or is another's, nothing. */
function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return [];
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}
