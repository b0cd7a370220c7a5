import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { writeFolder } from "#platform/writeFolder.js";

// A writer of its own that can be killed: what runs is the compiled file (`npx tsc -b`).
const compiled = pathToFileURL(join(repositoryRoot, "dist/services/platform/writeFolder.js")).href;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-write-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("makes the folders above it and returns what the writer returns", async () => {
  const target = join(folder, "a", "b", "c");
  expect(await writeFolder(target, (temporary) => writeFile(join(temporary, "x"), "1").then(() => "digest"))).toBe("digest");
  expect(await readdir(join(folder, "a", "b"))).toEqual(["c"]);
});

it("leaves the old folder or the new one, never half of one, wherever its writer is killed", async () => {
  const target = join(folder, "killed", "checkpoint");
  await writeFolder(target, async (temporary) => {
    for (const name of ["1", "2", "3"]) await writeFile(join(temporary, name), "0");
  });
  // Rewrites the folder over and over: three files with one number.
  const program = `
    import { writeFile } from "node:fs/promises";
    const { writeFolder } = await import(${JSON.stringify(compiled)});
    for (let round = 1; ; round++)
      await writeFolder(${JSON.stringify(target)}, async (temporary) => {
        for (const name of ["1", "2", "3"]) await writeFile(temporary + "/" + name, String(round));
        if (round === 1) process.stdout.write("started");
      });
  `;
  for (let round = 0; round < 5; round++) {
    const writer = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "inherit"] });
    await once(writer.stdout, "data");
    await new Promise((resolve) => setTimeout(resolve, 20 * Math.random()));
    writer.kill("SIGKILL");
    await once(writer, "exit");
    // Between the two renames the old folder is aside: whole, under a temporary name.
    const names = (await readdir(join(folder, "killed"))).filter((name) => !name.startsWith(".tmp-"));
    expect(["checkpoint", ""]).toContain(names.join());
    if (names.length === 0) continue;
    const contents = await Promise.all(["1", "2", "3"].map((name) => readFile(join(target, name), "utf8")));
    expect(new Set(contents).size).toBe(1);
  }
});
