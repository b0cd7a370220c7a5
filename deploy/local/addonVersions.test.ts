import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { noteUse, sweepVersions } from "./addonVersions.js";

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "stepwire-versions-"));
});
afterEach(() => rm(cache, { recursive: true, force: true }));

/** A version, and the checkouts that noted their use of it. */
async function version(digit: string, hoursAgo: number, users: { link: string; isLinked: boolean }[] = []): Promise<string> {
  const name = `kernels-${digit.repeat(16)}`;
  const folder = join(cache, name);
  await mkdir(folder);
  await writeFile(join(folder, "kernels.node"), "code");
  for (const { link, isLinked } of users) {
    await noteUse(folder, link);
    if (isLinked) await symlink(join(folder, "kernels.node"), link);
  }
  const used = new Date(Date.now() - hoursAgo * 3600 * 1000);
  await utimes(folder, used, used);
  return name;
}

it("keeps the last two versions, young ones and those that a checkout links to; the others go", async () => {
  const [checkout, moved] = [join(cache, "link-of-a-checkout"), join(cache, "link-that-led-here")];
  const linked = await version("1", 90, [
    { link: moved, isLinked: false },
    { link: checkout, isLinked: true },
  ]);
  await version("2", 80, [{ link: moved, isLinked: false }]);
  await version("3", 70);
  const last = [await version("4", 60), await version("5", 50)];
  const others = [`kernels-notes`, `tensorflow-${"6".repeat(16)}`];
  for (const name of others) {
    await mkdir(join(cache, name));
    await utimes(join(cache, name), 0, 0);
  }
  await sweepVersions(cache, "kernels");
  expect((await readdir(cache)).toSorted()).toEqual([linked, ...last, ...others, "link-of-a-checkout"].toSorted());
});

it("removes nothing that was used within the hour, however many there are", async () => {
  const names = [await version("1", 0.5), await version("2", 0.4), await version("3", 0.3), await version("4", 0.2)];
  await sweepVersions(cache, "kernels");
  expect((await readdir(cache)).toSorted()).toEqual(names);
});

it("counts a version as used when a checkout links to it again", async () => {
  const old = await version("1", 90);
  for (const digit of ["2", "3", "4"]) await version(digit, 10);
  await noteUse(join(cache, old), join(cache, "link"));
  await sweepVersions(cache, "kernels");
  expect(await readdir(cache)).toContain(old);
});
