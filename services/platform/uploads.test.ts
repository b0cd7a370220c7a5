import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openUploads } from "./uploads.js";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "stepwire-uploads-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

it("removes a folder after its work, also after one that failed", async () => {
  const uploads = openUploads(join(root, "made"));
  expect(
    await uploads.withFolder(async (folder) => {
      await writeFile(join(folder, "a"), "a");
      return await readdir(folder);
    }),
  ).toEqual(["a"]);
  const failing = async () => {
    throw new Error("failed");
  };
  await expect(uploads.withFolder(failing)).rejects.toThrow("failed");
  expect(await readdir(join(root, "made"))).toEqual([]);
});

it("sweeps what a process left that died, and nothing that is in use", async () => {
  await mkdir(join(root, "left"));
  await writeFile(join(root, "left", "upload"), "a");
  const longAgo = new Date(Date.now() - 10 * 60 * 1000);
  await utimes(join(root, "left"), longAgo, longAgo);
  const uploads = openUploads(root);
  await uploads.withFolder(async (folder) => {
    await openUploads(root).sweep();
    expect(await readdir(root)).toEqual([folder.slice(root.length + 1)]);
  });
  await openUploads(join(root, "nowhere")).sweep();
});
