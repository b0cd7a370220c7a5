import { remove, stacksFolder } from "./testFolder.js";

/** For vitest's `globalSetup`: removes the data of shared stacks when all test processes have ended, also where vitest runs without `npm test`. */
export function teardown(): Promise<void> {
  return remove(stacksFolder()).catch((error: unknown) => console.error(`${stacksFolder()} cannot be removed: ${String(error)}`));
}
