import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { cleanTestFolder, openTestFolder } from "./testFolder.js";
import type { TestFileReport } from "./testReport.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-run-"));
  for (const path of ["stacks/1", "logs/test/a.test.ts", "logs/test/b.test.ts"]) {
    await mkdir(join(folder, path), { recursive: true });
    await writeFile(join(folder, path, "stack.log"), "a line\n");
  }
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = (path: string, state: "passed" | "failed"): TestFileReport => ({
  ...{ path, project: "endToEnd", seconds: 1, broken: false },
  tests: [{ name: ["a test"], state, assertions: 1 }],
});

it("a run leaves the logs of the files that failed, and nothing else", async () => {
  await cleanTestFolder(folder, { files: [file("test/a.test.ts", "passed"), file("test/b.test.ts", "failed")], errors: [] });
  expect(await readdir(folder, { recursive: true })).toEqual(["logs", "logs/test", "logs/test/b.test.ts", "logs/test/b.test.ts/stack.log"]);
});

it("a run with an error outside all tests leaves the logs that belong to no file", async () => {
  await writeFile(join(folder, "logs", "shared-stack-1.log"), "a line\n");
  await cleanTestFolder(folder, { files: [file("test/a.test.ts", "passed"), file("test/b.test.ts", "passed")], errors: ["a rejection"] });
  expect(await readdir(join(folder, "logs"))).toEqual(["shared-stack-1.log", "test"]);
});

it("a run that failed without a log leaves nothing", async () => {
  await rm(join(folder, "logs"), { recursive: true });
  await cleanTestFolder(folder, { files: [file("services/a.test.ts", "failed")], errors: [] });
  await expect(readdir(folder)).rejects.toThrow("ENOENT");
});

it("a run that passed leaves nothing", async () => {
  await cleanTestFolder(folder, { files: [file("test/a.test.ts", "passed"), file("test/b.test.ts", "passed")], errors: [] });
  await expect(readdir(folder)).rejects.toThrow("ENOENT");
});

it("a run finds a folder of its own, and keeps of runs that were killed the logs of the last day", async () => {
  // No process has an id of 2^22 or more.
  const [killed, old, silent] = [5_000_001, 5_000_002, 5_000_003].map((pid) => join(folder, `stepwire-tests-${pid}`));
  for (const left of [killed, old]) {
    await mkdir(join(left ?? "", "logs"), { recursive: true });
    await mkdir(join(left ?? "", "stacks/1"), { recursive: true });
  }
  await mkdir(join(silent ?? "", "tmp"), { recursive: true });
  await utimes(old ?? "", new Date(), new Date(Date.now() - 25 * 3_600_000));
  const own = await openTestFolder(folder);
  const runs = (await readdir(folder)).filter((name) => name.startsWith("stepwire-tests-"));
  expect(runs.toSorted()).toEqual([own, killed].map((path) => basename(path ?? "")).toSorted());
  expect(await readdir(killed ?? "")).toEqual(["logs"]);
  expect(await readdir(own)).toEqual(["tmp"]);
});
