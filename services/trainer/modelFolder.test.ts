import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { locateModel } from "./modelFolder.js";

let base: string;
let root: string;
beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), "stepwire-roots-")));
  root = join(base, "root");
  await mkdir(join(root, "model"), { recursive: true });
  await mkdir(join(base, "shipped", "small"), { recursive: true });
});
afterEach(() => rm(base, { recursive: true, force: true }));

const locate = (model: string) => locateModel(model, { roots: [root], shipped: join(base, "shipped") }, "training_job.model");
const reasonOf = (model: string) =>
  locate(model).then(
    () => "found",
    (error: unknown) => (error as { faults: { reason: string }[] }).faults[0]?.reason,
  );

describe("the model that a job names", () => {
  it("is a folder in a root, one that the server ships, or an id of the hub; errors will call it what the job does", async () => {
    const folder = join(root, "model");
    expect(await locate(folder)).toEqual({ folder, roots: [root], name: folder });
    await symlink(folder, join(root, "link"));
    expect(await locate(join(root, "link"))).toEqual({ folder, roots: [root], name: join(root, "link") });
    expect(await locate("small")).toMatchObject({ folder: join(base, "shipped", "small"), name: "small" });
    expect(await locate("organisation/name")).toEqual({ hubId: "organisation/name" });
  });

  it("is refused outside the roots with one answer, whatever is there: a folder, a file, nothing", async () => {
    const outside = join(base, "outside");
    for (const model of [outside, join(outside, "deeper"), join(root, "..", "outside")]) {
      expect(await reasonOf(model)).toBe("OUTSIDE_ALLOWED_ROOTS");
      await mkdir(join(outside, "deeper"), { recursive: true });
      expect(await reasonOf(model)).toBe("OUTSIDE_ALLOWED_ROOTS");
      await rm(outside, { recursive: true });
      await writeFile(outside, "");
      expect(await reasonOf(model)).toBe("OUTSIDE_ALLOWED_ROOTS");
      await rm(outside);
    }
  });

  it("is refused behind a link that leads out of the roots, and what is there is not told", async () => {
    const outside = join(base, "outside");
    await mkdir(join(outside, "folder"), { recursive: true });
    await writeFile(join(outside, "file"), "");
    await symlink(outside, join(root, "out"));
    for (const model of ["out", "out/folder", "out/file", "out/file/deeper", "out/nothing", "out/nothing/deeper"])
      expect(await reasonOf(join(root, model)), model).toBe("OUTSIDE_ALLOWED_ROOTS");
  });

  it.each(["", ".", "..", "a/b/c", "../a", "a/..", "a\0", "/a\0b", "x".repeat(5000), `/${"x".repeat(5000)}`, "no-such-model"])(
    "is refused by name when it is %j",
    async (model) => {
      expect(await reasonOf(model)).toMatch(/^(INVALID|NOT_FOUND|TOO_LONG|OUTSIDE_ALLOWED_ROOTS)$/);
    },
  );
});
