import { randomUUID } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { lstat, mkdir, readdir, rename, rm } from "node:fs/promises";
import { constants } from "node:os";
import { basename, dirname, join } from "node:path";
import { type Progress, startProgress } from "./progress.js";

const removal = { recursive: true, force: true, maxRetries: 3 } as const;
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** No step of set-up takes this long: a temporary folder that is older was left by a process that was killed. */
const abandonedMs = 2 * 3600 * 1000;

/**
 * A folder of the cache, made when it is not there: `make` fills a temporary folder beside it, which then takes its name, so an
 * interrupted set-up leaves nothing that looks finished, and two at once do not disturb each other.
 */
export async function cached(
  folder: string,
  title: string,
  make: (temporary: string, progress: Progress) => Promise<string>,
): Promise<string> {
  if (existsSync(folder)) return folder;
  const progress = startProgress(title);
  await mkdir(dirname(folder), { recursive: true });
  await removeAbandoned(dirname(folder));
  const temporary = join(dirname(folder), `.tmp-${basename(folder)}.${randomUUID().slice(0, 8)}`);
  await mkdir(temporary);
  const removeNow = () => rmSync(temporary, removal);
  const exit = (signal: NodeJS.Signals) => process.exit(128 + constants.signals[signal]);
  process.once("exit", removeNow);
  for (const signal of signals) process.once(signal, exit);
  try {
    const said = await make(temporary, progress);
    await rename(temporary, folder).catch((error: unknown) => {
      // Another set-up was faster: its folder is as good.
      if (!existsSync(folder)) throw error;
    });
    progress.done(said);
  } finally {
    await rm(temporary, removal);
    process.removeListener("exit", removeNow);
    for (const signal of signals) process.removeListener(signal, exit);
  }
  return folder;
}

/** Removes the temporary folders in `parent` that set-ups which were killed have left. Users keep models beside them: nothing else goes. */
export async function removeAbandoned(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(".tmp-")))
    if (await isOlderThan(join(parent, name), abandonedMs)) await rm(join(parent, name), removal);
}

/** Whether nothing in a folder, at any depth, was changed for so long. What is gone meanwhile counts as changed. */
async function isOlderThan(folder: string, ms: number): Promise<boolean> {
  try {
    const names = await readdir(folder, { recursive: true });
    const times = await Promise.all(["", ...names].map(async (name) => (await lstat(join(folder, name))).mtimeMs));
    return Date.now() - Math.max(...times) > ms;
  } catch {
    return false;
  }
}
