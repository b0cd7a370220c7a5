import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockDataFolder } from "./dataLock.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("the lock of a data folder", () => {
  it("is had by one of many that ask at once, and leaves nothing behind", async () => {
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => lockDataFolder(folder)));
    const had = asked.filter((result) => result.status === "fulfilled");
    expect(had).toHaveLength(1);
    await had[0]?.value();
    expect(await readdir(folder)).toEqual([]);
  });

  it("names the process that has it", async () => {
    const unlock = await lockDataFolder(folder);
    await expect(lockDataFolder(folder)).rejects.toThrow(`process ${process.pid}`);
    await unlock();
    await (
      await lockDataFolder(folder)
    )();
  });

  it.each([
    ["of a process that is gone", "4194999 17"],
    ["of an earlier process with the id of one that runs", `${process.pid} 1`],
    ["that was left empty", ""],
  ])("is taken over when it is one %s", async (_, owner) => {
    await writeFile(join(folder, "stack.pid"), owner);
    const unlock = await lockDataFolder(folder);
    await unlock();
    expect(await readdir(folder)).toEqual([]);
  });
});
