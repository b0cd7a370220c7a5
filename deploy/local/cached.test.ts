import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cached, removeAbandoned } from "./cached.js";
import { repositoryRoot } from "./repositoryRoot.js";

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "stepwire-cache-"));
});
afterEach(() => rm(cache, { recursive: true, force: true }));

const make = (text: string) => async (temporary: string) => {
  await writeFile(join(temporary, "file"), text);
  return "made";
};

describe("a folder of the cache", () => {
  it("is made once, by whoever is first of two at once", async () => {
    const folder = join(cache, "thing-1.0");
    await Promise.all([cached(folder, "thing", make("one")), cached(folder, "thing", make("two"))]);
    await cached(folder, "thing", () => Promise.reject(new Error("made again")));
    expect(await readdir(cache)).toEqual(["thing-1.0"]);
  });

  it("does not appear when making it fails", async () => {
    await expect(cached(join(cache, "thing"), "thing", () => Promise.reject(new Error("no network")))).rejects.toThrow("no network");
    expect(await readdir(cache)).toEqual([]);
  });

  it.each([["SIGINT"], ["SIGTERM"]] as const)("leaves nothing behind when %s interrupts its making", async (signal) => {
    const module = pathToFileURL(join(repositoryRoot, "dist/deploy/local/cached.js")).href;
    const script = `import { cached } from ${JSON.stringify(module)};
      await cached(process.argv[1], "thing", () => new Promise(() => { console.log("making"); setInterval(() => {}, 1000); }));`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script, join(cache, "thing")]);
    await once(child.stdout, "data");
    expect(await readdir(cache)).toHaveLength(1);
    child.kill(signal);
    await once(child, "exit");
    expect(await readdir(cache)).toEqual([]);
  });

  it("takes away what a killed set-up left long ago, and leaves alone what another is making now", async () => {
    const [old, fresh] = [join(cache, ".tmp-thing.0badcafe"), join(cache, ".tmp-thing.12345678")];
    await mkdir(old);
    await mkdir(fresh);
    const yesterday = new Date(Date.now() - 24 * 3600 * 1000);
    await utimes(old, yesterday, yesterday);
    await cached(join(cache, "thing"), "thing", make("one"));
    expect((await readdir(cache)).toSorted()).toEqual([".tmp-thing.12345678", "thing"]);
  });

  it("is not what a sweep of everything takes away: only what killed set-ups have left is, whatever it was to become", async () => {
    const yesterday = new Date(Date.now() - 24 * 3600 * 1000);
    const names = ["engine-1.0", ".tmp-engine-0.9.0badcafe", ".tmp-1f2e", ".tmp-busy", "model.20250131"];
    for (const name of names) {
      await mkdir(join(cache, name, "download"), { recursive: true });
      await writeFile(join(cache, name, "download", "file"), "bytes");
      for (const part of ["download/file", "download", ""])
        if (!name.includes("busy") || part !== "download/file") await utimes(join(cache, name, part), yesterday, yesterday);
    }
    await removeAbandoned(cache);
    expect((await readdir(cache)).toSorted()).toEqual([".tmp-busy", "engine-1.0", "model.20250131"]);
    await removeAbandoned(join(cache, "missing"));
  });
});
