import { mkdirSync } from "node:fs";
import { join, relative } from "node:path";
import { expect } from "vitest";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { logFolder } from "../run/testFolder.js";

/** A file for what one process says during the test file that runs now; kept, and named in the run's summary, when a test of the file fails. */
export function testLog(name: string): string {
  const { testPath } = expect.getState();
  const folder = logFolder(relative(repositoryRoot, testPath ?? "unknown"));
  mkdirSync(folder, { recursive: true });
  return join(folder, name);
}
