import { join } from "node:path";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { hasTestFolder, openTestFolder, remove, testEnvironment } from "./testFolder.js";

/**
 * For vitest's `globalSetup`: gives a run that is not one of `npm test` a folder of its own, in which its logs stay for a day.
 * @returns what ends the run
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (hasTestFolder()) return undefined;
  const folder = await openTestFolder(join(repositoryRoot, ".cache/tests"));
  Object.assign(process.env, testEnvironment(folder));
  return async () => {
    for (const name of ["stacks", "tmp"])
      await remove(join(folder, name)).catch((error: unknown) => console.error(`${folder} cannot be cleared: ${String(error)}`));
  };
}
