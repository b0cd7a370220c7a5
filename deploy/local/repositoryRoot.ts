import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of Stepwire, from the sources as well as from `dist`. */
export const repositoryRoot = find(import.meta.dirname);

function find(folder: string): string {
  const isRoot = existsSync(join(folder, "package-lock.json")) || existsSync(join(folder, "deploy/local/bootstrap.mjs"));
  return isRoot || dirname(folder) === folder ? folder : find(dirname(folder));
}
