import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { hasFailed, type TestReport } from "./testReport.js";

/** Names the folder of one run of the tests, for the processes of that run. */
export const testFolderVariable = "STEPWIRE_TEST_FOLDER";

/** What a run leaves and shares: `logs/<test file>/` and the data of stacks. That of `npm test` is its own; plain vitest uses one of the repository's. */
export function testFolder(): string {
  return process.env[testFolderVariable] ?? join(repositoryRoot, ".cache/tests");
}

/** Where the logs of one test file go. @param path from the repository's root; empty: where all go */
export function logFolder(path: string, folder = testFolder()): string {
  return join(folder, "logs", path);
}

/** Where the stacks are that the files of a process share. */
export function stacksFolder(): string {
  return join(testFolder(), "stacks");
}

/** Removes what a run has left, except the logs of what failed. */
export async function cleanTestFolder(folder: string, { files, errors }: TestReport): Promise<void> {
  const failed = new Set(files.filter(hasFailed).map(({ path }) => path));
  if (failed.size === 0 && errors.length === 0) return await remove(folder);
  for (const { path } of files) if (!failed.has(path)) await remove(logFolder(path, folder));
  const left = await readdir(folder);
  for (const name of left) if (name !== "logs") await remove(join(folder, name));
  if (!left.includes("logs")) await remove(folder);
}

/** Services of shared stacks, which end with the processes of the tests, may still write for a moment. */
export async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}
