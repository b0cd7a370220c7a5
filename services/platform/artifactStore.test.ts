import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openArtifactStore } from "./artifactStore.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-artifacts-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("stores a folder all at once, and replaces it all at once", async () => {
  const store = openArtifactStore(folder);
  const path = await store.writeFolder("default", "jobs", "u1", async (temporary) => {
    await writeFile(join(temporary, "old"), "1");
    expect(await store.exists("default", "jobs", "u1")).toBe(false);
  });
  expect(path).toBe(join(folder, "default", "jobs", "u1"));
  await store.writeFolder("default", "jobs", "u1", (temporary) => writeFile(join(temporary, "new"), "2"));
  expect(await readdir(path)).toEqual(["new"]);
  expect((await store.readFile("default", "jobs", "u1", "new")).toString()).toBe("2");
  await store.remove("default", "jobs", "u1");
  await store.remove("default", "jobs", "u1");
  expect(await store.exists("default", "jobs", "u1")).toBe(false);
});

it("leaves nothing behind, and the old folder in place, when writing fails", async () => {
  const store = openArtifactStore(folder);
  await store.writeFolder("default", "datasets", "u2", (temporary) => writeFile(join(temporary, "kept"), ""));
  const failing = store.writeFolder("default", "datasets", "u2", async (temporary) => {
    await writeFile(join(temporary, "half"), "");
    throw new Error("no space left");
  });
  await expect(failing).rejects.toThrow("no space left");
  expect(await readdir(join(folder, "default", "datasets"))).toEqual(["u2"]);
  expect(await readdir(store.path("default", "datasets", "u2"))).toEqual(["kept"]);
});

it("sweeps away what killed writers left, at every depth, and not what a living one is at", async () => {
  const store = openArtifactStore(folder);
  const old = new Date(Date.now() - 20 * 60_000);
  const abandoned = async (...parts: string[]) => {
    const path = join(folder, "default", ...parts, ".tmp-0b9f");
    await mkdir(path, { recursive: true });
    await writeFile(join(path, "model.safetensors"), "half");
    await utimes(path, old, old);
  };
  await abandoned("evaluations");
  await abandoned("jobs");
  await abandoned("jobs", "u3", "attempt-1");
  await mkdir(join(folder, "default", "jobs", "u3", "attempt-1", "checkpoint"));
  await utimes(join(folder, "default", "jobs", "u3", "attempt-1", "checkpoint"), old, old);
  const path = await store.writeFolder("default", "evaluations", "u4", async (temporary) => {
    await writeFile(join(temporary, "kept"), "");
    expect(await store.sweep()).toBe(3);
  });
  expect(await readdir(path)).toEqual(["kept"]);
  expect(await readdir(join(folder, "default", "evaluations"))).toEqual(["u4"]);
  expect(await readdir(join(folder, "default", "jobs", "u3", "attempt-1"))).toEqual(["checkpoint"]);
  expect(await store.sweep()).toBe(0);
  expect(await openArtifactStore(join(folder, "not-there")).sweep()).toBe(0);
});

it("refuses names that lead out of its folder", () => {
  const store = openArtifactStore(folder);
  for (const name of ["..", ".", "", "a/b", "/etc", ".hidden", "a\0"]) {
    expect(() => store.path("default", "jobs", name)).toThrow("cannot be the name of a stored file");
    expect(() => store.path("default", "jobs", "u", name)).toThrow("cannot be the name of a stored file");
  }
});
