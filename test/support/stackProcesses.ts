import { readdir, readFile } from "node:fs/promises";
import { expect } from "vitest";

/** The processes that belong to a data folder, a runner's child's child too, whose command line fits; others' are not seen. */
export async function stackProcesses(dataFolder: string, text: string | RegExp): Promise<number[]> {
  return await processesWhere(
    ({ command, environment }) =>
      (environment.includes(`STEPWIRE_DATA=${dataFolder}`) || command.includes(`${dataFolder}/`)) &&
      (typeof text === "string" ? command.includes(text) : text.test(command)),
  );
}

/** The command line of a nats-server; that of its guard ends in the same words. */
export const natsServer = /^\S*nats-server\S* -c /;

/** The children of this process, without theirs, whose command line holds a text. */
export async function childProcesses(text: string): Promise<number[]> {
  return await processesWhere(({ command, parent }) => parent === process.pid && command.includes(text));
}

/** Waits until there is exactly one such process, and returns it. */
export async function theProcess(dataFolder: string, text: string | RegExp): Promise<number> {
  await expect.poll(() => stackProcesses(dataFolder, text)).toHaveLength(1);
  const [pid] = await stackProcesses(dataFolder, text);
  return pid ?? expect.fail(`the process "${text}" ended by itself`);
}

interface FoundProcess {
  parent: number;
  /** Its arguments with spaces between. */
  command: string;
  /** `NAME=value` each. */
  environment: string[];
}

async function processesWhere(fits: (found: FoundProcess) => boolean): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      // A process may end while it is looked at.
      const read = (name: string) => readFile(`/proc/${pid}/${name}`, "utf8").catch(() => "");
      const [command, environment, stat] = await Promise.all([read("cmdline"), read("environ"), read("stat")]);
      const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      return fits({ parent, command: command.replaceAll("\0", " "), environment: environment.split("\0") }) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}
