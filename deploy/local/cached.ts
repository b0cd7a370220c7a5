import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type Progress, startProgress } from "./progress.js";

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
  const temporary = `${folder}.${randomUUID().slice(0, 8)}`;
  await mkdir(temporary);
  const remove = () => rm(temporary, { recursive: true, force: true });
  try {
    const said = await make(temporary, progress);
    await rename(temporary, folder).catch(async (error: unknown) => {
      // Another set-up was faster: its folder is as good.
      if (!existsSync(folder)) throw error;
      await remove();
    });
    progress.done(said);
  } catch (error) {
    await remove();
    throw error;
  }
  return folder;
}
