import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isAlive } from "#local/processIdentity.js";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { hasFailed, type TestReport } from "./testReport.js";

/** Names the folder of one run of the tests, for the processes of that run. */
const testFolderVariable = "STEPWIRE_TEST_FOLDER";

/** What a run leaves and shares: `logs/<test file>/`, the data of stacks, and whatever is made as temporary. */
export function testFolder(): string {
  return process.env[testFolderVariable] ?? join(repositoryRoot, ".cache/tests");
}

/** Logs of earlier runs are kept so long. */
const logsKeptMs = 24 * 3_600_000;

/**
 * Makes the folder of this run, which is known by the id of this process. What runs have left that were killed is removed, their logs after a day.
 * @param parent where the folders of runs are
 */
export async function openTestFolder(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    const owner = /^stepwire-tests-(\d+)$/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) await clearAbandoned(join(parent, name)).catch(() => undefined);
  }
  const folder = join(parent, `stepwire-tests-${process.pid}`);
  // Of a run whose process had the same id.
  await remove(folder);
  await mkdir(join(folder, "tmp"), { recursive: true });
  return folder;
}

async function clearAbandoned(folder: string): Promise<void> {
  const isOld = (await stat(folder)).mtimeMs < Date.now() - logsKeptMs;
  if (isOld) await remove(folder);
  else await removeAllButLogs(folder);
}

async function removeAllButLogs(folder: string): Promise<void> {
  const left = await readdir(folder);
  for (const name of left) if (name !== "logs") await remove(join(folder, name));
  if (!left.includes("logs")) await remove(folder);
}

/** What the processes of a run are started with: its folder first, also for what they make as temporary. */
export function testEnvironment(folder: string): Record<string, string> {
  // A proxy for the network is not asked for services of this machine.
  const here = [process.env["no_proxy"], "127.0.0.1,localhost"].filter(Boolean).join(",");
  return { [testFolderVariable]: folder, TMPDIR: join(folder, "tmp"), no_proxy: here, no_grpc_proxy: here };
}

/** Whether this process belongs to a run that has a folder already. */
export function hasTestFolder(): boolean {
  return process.env[testFolderVariable] !== undefined;
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
  await removeAllButLogs(folder);
}

/** Services of shared stacks, which end with the processes of the tests, may still write for a moment. */
export async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}
