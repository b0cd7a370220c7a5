import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, readlink, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Versions of an addon that stay, whoever uses them: one may go back to the last. */
const keptVersions = 2;
const youngMs = 3600 * 1000;

/**
 * Notes in a version's folder that a checkout is about to link to it, and when: the cache is shared by every checkout of a user.
 * @param link the path of the link
 */
export async function noteUse(folder: string, link: string): Promise<void> {
  const users = join(folder, "users");
  await mkdir(users, { recursive: true });
  await writeFile(join(users, createHash("sha256").update(link).digest("hex").slice(0, 16)), link);
  const now = new Date();
  await utimes(folder, now, now);
}

/** Removes the versions of an addon that no checkout links to, except the last two that were used and what was used within the hour. */
export async function sweepVersions(cache: string, name: string): Promise<void> {
  const folders = (await readdir(cache))
    .filter((entry) => entry.startsWith(`${name}-`) && /^[0-9a-f]{16}$/.test(entry.slice(name.length + 1)))
    .map((entry) => join(cache, entry));
  const versions = await Promise.all(
    folders.map(async (folder) => ({
      folder,
      usedMs: await stat(folder).then(
        ({ mtimeMs }) => mtimeMs,
        () => Date.now(),
      ),
    })),
  );
  versions.sort((left, right) => right.usedMs - left.usedMs);
  for (const { folder, usedMs } of versions.slice(keptVersions)) {
    if (Date.now() - usedMs < youngMs || (await isLinked(folder, `${name}.node`))) continue;
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function isLinked(folder: string, file: string): Promise<boolean> {
  const users = join(folder, "users");
  for (const note of await readdir(users).catch(() => [])) {
    const link = await readFile(join(users, note), "utf8").catch(() => "");
    if ((await readlink(link).catch(() => undefined)) === join(folder, file)) return true;
  }
  return false;
}
