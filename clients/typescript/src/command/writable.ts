import { constants } from "node:fs";
import { access, mkdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FieldViolation } from "@stepwire/proto";
import { quotePath } from "../mapping/quote.js";
import { StepwireError } from "../stepwireError.js";

// What takes hours to make is not lost to a folder that cannot be written: it is asked before.

/** Makes a folder and tries to write in it. @returns why files of these names cannot be written there */
export async function folderViolations(flag: string, folder: string, names: readonly string[]): Promise<FieldViolation[]> {
  return await violationsOf(flag, folder, async () => {
    await mkdir(folder, { recursive: true });
    await tryWriting(folder);
    for (const name of names) await checkFile(join(folder, name));
  });
}

/** @returns why a file cannot be written */
export async function fileViolations(flag: string, path: string): Promise<FieldViolation[]> {
  return await violationsOf(flag, path, async () => {
    if (await checkFile(path)) return;
    await tryWriting(dirname(path));
  });
}

/** The file, or why it could not be written after all. */
export async function writeOutput(flag: string, path: string, content: string): Promise<void> {
  await writeFile(path, content).catch((error: unknown) => {
    throw StepwireError.invalid([unwritable(flag, path, error)]);
  });
}

async function violationsOf(flag: string, path: string, check: () => Promise<void>): Promise<FieldViolation[]> {
  try {
    await check();
    return [];
  } catch (error) {
    return [unwritable(flag, path, error)];
  }
}

/** @returns whether it is there */
async function checkFile(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (found?.isDirectory()) throw new Error(`${quotePath(path)} is a folder`);
  // A pipe or a device takes what it is given.
  if (found) await access(path, constants.W_OK);
  return found !== undefined;
}

/** Rights say little about a disk that is read-only or full. */
async function tryWriting(folder: string): Promise<void> {
  const probe = join(folder, `.stepwire-${process.pid}`);
  await writeFile(probe, "");
  await rm(probe, { force: true });
}

const reasons: Readonly<Record<string, string>> = {
  EEXIST: "there is a file of that name",
  ENOTDIR: "a part of the path is a file",
  ENOENT: "there is no such folder",
  EACCES: "it may not be written",
  EPERM: "it may not be written",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
};

function unwritable(flag: string, path: string, error: unknown): FieldViolation {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return { field: flag, reason: "UNWRITABLE", description: `${quotePath(path)} cannot be written: ${reasons[code] ?? message}` };
}
