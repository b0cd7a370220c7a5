import { randomUUID } from "node:crypto";
import { access, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** What the store keeps. */
export type ArtifactKind = "jobs" | "datasets" | "evaluations";

/** Files that outlive processes, in a folder: `<data folder>/<tenant>/<kind>/<uid>/...`. */
export interface ArtifactStore {
  /** The absolute path of an artifact or of a part of it. @throws Error for a part that is not a plain name. */
  path(tenant: string, kind: ArtifactKind, uid: string, ...parts: string[]): string;
  /**
   * Stores a folder all at once: `write` fills a temporary folder, which is made durable and then takes its name. When `write` or the
   * disk fails nothing is left behind. An artifact that is already there is replaced. Returns the folder's path.
   */
  writeFolder(tenant: string, kind: ArtifactKind, uid: string, write: (temporaryFolder: string) => Promise<void>): Promise<string>;
  readFile(tenant: string, kind: ArtifactKind, uid: string, ...parts: string[]): Promise<Buffer>;
  exists(tenant: string, kind: ArtifactKind, uid: string, ...parts: string[]): Promise<boolean>;
  /** Removes an artifact or a part of it; nothing happens when there is none. */
  remove(tenant: string, kind: ArtifactKind, uid: string, ...parts: string[]): Promise<void>;
}

/** Opens the store in a folder, which is made when it is not there. */
export function openArtifactStore(dataFolder: string): ArtifactStore {
  const root = resolve(dataFolder);
  const path: ArtifactStore["path"] = (tenant, kind, uid, ...parts) => join(root, ...[tenant, kind, uid, ...parts].map(plainName));
  return {
    path,
    writeFolder: (tenant, kind, uid, write) => writeFolder(path(tenant, kind, uid), write),
    readFile: (tenant, kind, uid, ...parts) => readFile(path(tenant, kind, uid, ...parts)),
    exists: (tenant, kind, uid, ...parts) =>
      access(path(tenant, kind, uid, ...parts)).then(
        () => true,
        () => false,
      ),
    remove: (tenant, kind, uid, ...parts) => rm(path(tenant, kind, uid, ...parts), { recursive: true, force: true }),
  };
}

/** Names come from requests: one that leaves its folder must not pass. */
function plainName(name: string): string {
  if (!/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(name))
    throw new Error(`"${name}" cannot be the name of a stored file: letters, digits, "_", "-" and "." are allowed.`);
  return name;
}

async function writeFolder(target: string, write: (temporaryFolder: string) => Promise<void>): Promise<string> {
  const parent = dirname(target);
  // A name that `plainName` refuses, so that no artifact can be called like this.
  const temporary = join(parent, `.tmp-${randomUUID()}`);
  await mkdir(temporary, { recursive: true });
  try {
    await write(temporary);
    await syncTree(temporary);
    await replace(temporary, target);
    await sync(parent);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
  return target;
}

/** A folder cannot be renamed over one with files in it: the old one steps aside first. */
async function replace(temporary: string, target: string): Promise<void> {
  const aside = join(dirname(target), `.tmp-${randomUUID()}`);
  const replaced = await rename(target, aside).then(
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
