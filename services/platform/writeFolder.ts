import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A name that no stored file can have. */
const temporaryPrefix = ".tmp-";
/** A living writer says so this often, by the time of its temporary folder: long work writes little into it. */
const beatMs = 60_000;
/** Nobody who lives is silent for this long. */
const abandonedMs = 15 * beatMs;

/**
 * Writes a folder all at once: `write` fills a temporary folder beside it, which is made durable and then takes its name, so that a crash at
 * any moment leaves the old folder, or none, or the new one. When `write` or the disk fails nothing is left behind. A folder that is already
 * there is replaced.
 * @returns what `write` returns
 */
export async function writeFolder<T>(target: string, write: (temporaryFolder: string) => Promise<T>): Promise<T> {
  const parent = dirname(target);
  const made = await mkdir(parent, { recursive: true });
  const temporary = join(parent, `${temporaryPrefix}${randomUUID()}`);
  await mkdir(temporary);
  const beat = setInterval(() => void touch(temporary).catch(() => undefined), beatMs).unref();
  try {
    const result = await write(temporary);
    await syncTree(temporary);
    await replace(temporary, target);
    // A folder is only there after a crash when the folder that holds it knows: this one, and those that were just made above it.
    for (let folder = parent; ; folder = dirname(folder)) {
      await sync(folder);
      if (made === undefined || folder === dirname(made) || folder === dirname(folder)) break;
    }
    return result;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  } finally {
    clearInterval(beat);
  }
}

/**
 * Removes what writers that were killed left in a folder and the folders inside it.
 * @param depth how many levels down; 0: only in the folder itself
 * @returns how many were removed
 */
export async function sweepAbandoned(folder: string, depth: number): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(ignoreMissing);
  let removed = 0;
  for (const entry of entries ?? []) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith(temporaryPrefix)) {
      const found = await stat(path).catch(ignoreMissing);
      if (found === undefined || Date.now() - found.mtimeMs < abandonedMs) continue;
      await rm(path, { recursive: true, force: true });
      removed += 1;
    } else if (entry.isDirectory() && depth > 0) removed += await sweepAbandoned(path, depth - 1);
  }
  return removed;
}

/** A folder cannot be renamed over one with files in it: the old one steps aside first. */
async function replace(temporary: string, target: string): Promise<void> {
  const aside = join(dirname(target), `${temporaryPrefix}${randomUUID()}`);
  // Young, or a sweep could take it away.
  const replaced = await touch(target)
    .then(() => rename(target, aside))
    .then(
      () => true,
      () => false,
    );
  try {
    await rename(temporary, target);
  } catch (error) {
    if (replaced) await rename(aside, target);
    throw error;
  }
  if (replaced) await rm(aside, { recursive: true, force: true });
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now);
}

async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    await (entry.isDirectory() ? syncTree(path) : sync(path));
  }
  await sync(folder);
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
  return undefined;
}
