import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { until } from "./until.js";

/** The processes that belong to a data folder, a runner's child's child too, whose command line fits; others' are not seen. */
export async function stackProcesses(dataFolder: string, text: string | RegExp): Promise<number[]> {
  return await processesWhere(
    text,
    async (read, command) =>
      command.includes(`${dataFolder}/`) || (await read("environ")).split("\0").includes(`STEPWIRE_DATA=${dataFolder}`),
  );
}

/** The command line of a nats-server; that of its guard ends in the same words. */
export const natsServer = /^\S*nats-server\S* -c /;

/** The children of this process, without theirs, whose command line holds a text. */
export async function childProcesses(text: string): Promise<number[]> {
  return await processesWhere(text, async (read) => {
    const stat = await read("stat");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === process.pid;
  });
}

/** Waits until there is exactly one such process, and returns it. */
export async function theProcess(dataFolder: string, text: string | RegExp): Promise<number> {
  return await onlyOne(() => stackProcesses(dataFolder, text));
}

/** Waits until a search finds exactly one process, and returns it. */
export async function onlyOne(find: () => Promise<number[]>): Promise<number> {
  let seen: number[] = [];
  await expect.poll(async () => (seen = await find())).toHaveLength(1);
  return seen[0] ?? expect.unreachable();
}

/**
 * Lets a process run for moments only, and leaves it standing still once something is so: it gets little further than that, however late this process is to
 * see it.
 * @returns whether it stands still: false where it ended before, having been let run for too long a moment
 */
export async function standStillOnce(pid: number, isSo: () => boolean | Promise<boolean>): Promise<boolean> {
  let isThere = send(pid, "SIGSTOP");
  await until(async () => {
    if (!isThere || (await isSo())) return true;
    send(pid, "SIGCONT");
    await sleep(50);
    isThere = send(pid, "SIGSTOP");
    return false;
  });
  return isThere;
}

/** @returns whether there is such a process */
export function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Processes by their command line, their arguments with spaces between; only of those that fit is more read. */
async function processesWhere(
  text: string | RegExp,
  isOurs: (read: (name: string) => Promise<string>, command: string) => Promise<boolean>,
): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      // A process may end while it is looked at.
      const read = (name: string) => readFile(`/proc/${pid}/${name}`, "utf8").catch(() => "");
      const command = (await read("cmdline")).replaceAll("\0", " ");
      const fits = typeof text === "string" ? command.includes(text) : text.test(command);
      return fits && (await isOurs(read, command)) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}
