import { randomUUID } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
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
  await removeAbandoned(folder);
  const temporary = `${folder}.${randomUUID().slice(0, 8)}`;
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

async function removeAbandoned(folder: string): Promise<void> {
  const started = `${basename(folder)}.`;
  for (const name of await readdir(dirname(folder))) {
    if (!name.startsWith(started) || !/^[0-9a-f]{8}$/.test(name.slice(started.length))) continue;
    const path = join(dirname(folder), name);
    const modified = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - modified > abandonedMs) await rm(path, removal);
  }
}
