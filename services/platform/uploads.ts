import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";

/** Where uploads stand while they are checked: folders that outlive no import. */
export interface Uploads {
  /** Runs `work` with a folder of its own, which is removed afterwards, whatever happens. */
  withFolder<T>(work: (folder: string) => Promise<T>): Promise<T>;
  /** Removes what imports left whose process died. */
  sweep(): Promise<void>;
}

/** A folder that nobody touched for this long has no owner: owners touch theirs several times meanwhile. */
const staleMs = 2 * 60 * 1000;

/** @param root on the same disk as the artifact store, so that what was checked can be moved there */
export function openUploads(root: string): Uploads {
  const sweep = async () => {
    for (const name of await readdir(root).catch(() => [])) {
      const folder = join(root, name);
      // Another process may sweep too, or finish.
      const touched = await stat(folder).then(
        ({ mtimeMs }) => mtimeMs,
        () => Number.POSITIVE_INFINITY,
      );
      if (touched < Date.now() - staleMs) await rm(folder, { recursive: true, force: true });
    }
  };
  return {
    sweep,
    withFolder: async (work) => {
      await sweep();
      const folder = join(root, randomUUID());
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const touch = () => void utimes(folder, new Date(), new Date()).catch(() => undefined);
      const timer = setInterval(touch, staleMs / 8);
      try {
        return await work(folder);
      } finally {
        clearInterval(timer);
        await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      }
    },
  };
}
