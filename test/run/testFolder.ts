import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { repositoryRoot } from "#local/repositoryRoot.js";
import type { TestReport } from "./testReport.js";

/** Names the folder of one run of the tests, for the processes of that run. */
export const testFolderVariable = "STEPWIRE_TEST_FOLDER";

/** What a run leaves and shares: `logs/<test file>/` and the data of stacks. That of `npm test` is its own; plain vitest uses one of the repository's. */
export function testFolder(): string {
  return process.env[testFolderVariable] ?? join(repositoryRoot, ".cache/tests");
}

/** Where the logs of one test file go. @param path from the repository's root */
export function logFolder(path: string): string {
  return join(testFolder(), "logs", path);
}

/** Removes what a run has left, except the logs of what failed. */
export async function cleanTestFolder(folder: string, { files }: TestReport): Promise<void> {
  const failed = new Set(
    files.filter(({ broken, tests }) => broken || tests.some(({ state }) => state !== "passed")).map(({ path }) => path),
  );
  for (const { path } of files) if (!failed.has(path)) await rm(join(folder, "logs", path), { recursive: true, force: true });
  if (failed.size === 0) await rm(folder, { recursive: true, force: true });
  else for (const name of await readdir(folder)) if (name !== "logs") await rm(join(folder, name), { recursive: true, force: true });
}
