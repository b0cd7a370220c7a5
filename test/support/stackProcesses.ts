import { readdir, readFile } from "node:fs/promises";
import { expect } from "vitest";

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
  await expect.poll(() => stackProcesses(dataFolder, text)).toHaveLength(1);
  const [pid] = await stackProcesses(dataFolder, text);
  return pid ?? expect.fail(`the process "${text}" ended by itself`);
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
