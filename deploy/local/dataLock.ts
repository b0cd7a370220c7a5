import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { processIdentity } from "./processIdentity.js";

/**
 * Takes a data folder for this process: two nats-servers over one folder would destroy it. A lock whose owner is gone is taken over.
 * @returns what gives the folder back
 * @throws Error that names the process that has the folder
 */
export async function lockDataFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, "stack.pid");
  const own = `${path}.${randomUUID().slice(0, 8)}`;
  // Written first and linked then: whoever sees the lock sees its owner.
  await writeFile(own, processIdentity(process.pid) ?? String(process.pid));
  try {
    for (;;) {
      if (await linked(own, path)) return () => rm(path, { force: true });
      const owner = await readFile(path, "utf8").catch(() => undefined);
      if (owner === undefined) continue;
      const pid = Number.parseInt(owner, 10);
      if (processIdentity(pid) === owner)
        throw new Error(
          `another Stepwire (process ${pid}) uses the data folder ${folder}. Talk to it, wait for it, or name another folder with STEPWIRE_DATA`,
        );
      await removeLock(path, owner);
    }
  } finally {
    await rm(own, { force: true });
  }
}

/** Takes away the lock of `owner`, and gives it back when meanwhile it has become another's. */
async function removeLock(path: string, owner: string): Promise<void> {
  const taken = `${path}.${randomUUID().slice(0, 8)}`;
  await rename(path, taken).catch(() => undefined);
  const found = await readFile(taken, "utf8").catch(() => owner);
  if (found !== owner) await linked(taken, path);
  await rm(taken, { force: true });
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
