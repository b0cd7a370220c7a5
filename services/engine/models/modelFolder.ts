import { constants, type BigIntStats } from "node:fs";
import { type FileHandle, open, readlink, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative } from "node:path";
import { type Fault, FaultError } from "#core/fault.js";

/** A folder with a model, as somebody named it. What is in it is not trusted. */
export interface ModelFolder {
  folder: string;
  /** Links in the folder may lead anywhere inside these, as the links of a Hugging Face cache do, and nowhere else. */
  roots: readonly string[];
  /** What errors call it: in the caller's words, never more of this machine than the caller knows. */
  name: string;
}

/** Files besides config.json and the weights that a checkpoint needs to be used, as far as its source has them. */
export const tokenizerFiles = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"] as const;

/** A plain path is a folder that this program made: nothing in it leads out of it. */
export function modelFolder(folder: ModelFolder | string, name = "the model"): ModelFolder {
  return typeof folder === "string" ? { folder, roots: [folder], name } : folder;
}

/** Whether a path is a root or lies in it; only the words are compared. */
export function contains(root: string, path: string): boolean {
  const from = relative(root, path);
  return from === "" || (from !== ".." && !from.startsWith("../") && !isAbsolute(from));
}

/** A file of a model folder that was opened; the caller closes it. */
export interface ModelFile {
  file: FileHandle;
  stats: BigIntStats;
}

/**
 * Opens a file of a model folder when it is a plain file inside the roots, all links followed. What is looked at is what was opened, so that
 * nobody can put something else in its place in between.
 * @returns `undefined` when there is none
 * @throws FaultError that names the file, never what is in it or where a link leads; Error when this machine is at fault
 */
export async function openModelFile(folder: ModelFolder, name: string, field: string): Promise<ModelFile | undefined> {
  const refuse = (reason: string, problem: string) =>
    new FaultError([{ field, reason, description: `${name} of "${folder.name}" ${problem}` }]);
  const outside = () => refuse("OUTSIDE_ALLOWED_ROOTS", "is a link that leads out of the folders this server may read");
  try {
    const path = await realpath(join(folder.folder, name));
    if (!(await insideRoots(folder.roots, path))) throw outside();
    // Opening is an act where a file is a device, and waits where it is a pipe: so it is looked at before, and again after.
    const before = await stat(path);
    if (!before.isFile()) throw refuse("NOT_A_FILE", `is ${before.isDirectory() ? "a folder" : "no plain file"}; a file is needed`);
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      const stats = await file.stat({ bigint: true });
      if (!stats.isFile()) throw refuse("NOT_A_FILE", "is no plain file; a file is needed");
      // Linux tells what was opened; elsewhere the way to it is walked again.
      const opened = await readlink(`/proc/self/fd/${file.fd}`).catch(() => realpath(path));
      if (!(await insideRoots(folder.roots, opened))) throw outside();
      return { file, stats };
    } catch (error) {
      await file.close();
      throw error;
    }
  } catch (error) {
    if (error instanceof FaultError) throw error;
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code === "ELOOP") throw refuse("UNREADABLE_FILE", "is a link that leads in a circle");
    if (code === "EACCES" || code === "EPERM") throw refuse("UNREADABLE_FILE", "may not be read by this server: permission denied");
    if (["ENOTDIR", "ENAMETOOLONG", "EIO", "ENXIO", "ESTALE"].includes(code)) throw refuse("UNREADABLE_FILE", `cannot be read (${code})`);
    throw error;
  }
}

/** As `openModelFile`, for a file that has to be there. */
export async function openNeededFile(folder: ModelFolder, name: string, field: string): Promise<ModelFile> {
  const opened = await openModelFile(folder, name, field);
  if (opened === undefined) throw new FaultError([missingFile(folder, name, field)]);
  return opened;
}

/** What is wrong when a file that a model needs is not there. */
export function missingFile(folder: ModelFolder, name: string, field: string): Fault {
  const description = `"${folder.name}" has no ${name}; a model folder holds config.json, model.safetensors and tokenizer.json`;
  return { field, reason: "MISSING_FILE", description };
}

async function insideRoots(roots: readonly string[], path: string): Promise<boolean> {
  for (const root of roots) {
    const real = await realpath(root).catch(() => undefined);
    if (real !== undefined && contains(real, path)) return true;
  }
  return false;
}
