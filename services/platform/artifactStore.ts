import { access, readdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { sweepAbandoned, writeFolder } from "./writeFolder.js";

const artifactKinds = ["jobs", "datasets", "evaluations", "studies"] as const;
/** What the store keeps. */
export type ArtifactKind = (typeof artifactKinds)[number];

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
  /** Removes what writers that were killed left behind; what a living writer is at stays. Returns how many folders. */
  sweep(): Promise<number>;
}

/** Opens the store in a folder, which is made when it is not there. */
export function openArtifactStore(dataFolder: string): ArtifactStore {
  const root = resolve(dataFolder);
  const path: ArtifactStore["path"] = (tenant, kind, uid, ...parts) => join(root, ...[tenant, kind, uid, ...parts].map(plainName));
  return {
    path,
    writeFolder: async (tenant, kind, uid, write) => {
      const target = path(tenant, kind, uid);
      await writeFolder(target, write);
      return target;
    },
    readFile: (tenant, kind, uid, ...parts) => readFile(path(tenant, kind, uid, ...parts)),
    exists: (tenant, kind, uid, ...parts) =>
      access(path(tenant, kind, uid, ...parts)).then(
        () => true,
        () => false,
      ),
    remove: (tenant, kind, uid, ...parts) => rm(path(tenant, kind, uid, ...parts), { recursive: true, force: true }),
    sweep: () => sweep(root),
  };
}

/** Names come from requests: one that leaves its folder must not pass. */
function plainName(name: string): string {
  if (!/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(name))
    throw new Error(`"${name}" cannot be the name of a stored file: letters, digits, "_", "-" and "." are allowed.`);
  return name;
}

async function sweep(root: string): Promise<number> {
  let removed = 0;
  const tenants = await readdir(root, { withFileTypes: true }).catch(() => []);
  for (const tenant of tenants.filter((entry) => entry.isDirectory()))
    // A job's checkpoints are two levels down: <uid>/<attempt>/.
    for (const kind of artifactKinds) removed += await sweepAbandoned(join(root, tenant.name, kind), kind === "jobs" ? 2 : 0);
  return removed;
}
