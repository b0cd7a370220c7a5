import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileViolations, folderViolations } from "./writable.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-writable-"));
  await writeFile(join(folder, "file"), "");
  await mkdir(join(folder, "used", "report.md"), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

const within = (path: string) => join(folder, path);
const said = (violations: { field: string; description: string }[]) =>
  violations.map(({ field, description }) => `${field}: ${description}`.replaceAll(`${folder}/`, ""));

describe("a folder that is to be written", () => {
  it("is made, and nothing is left in it", async () => {
    expect(await folderViolations("--output", within("new/report"), ["report.md"])).toEqual([]);
    expect(await readdir(within("new/report"))).toEqual([]);
  });

  it("is refused with why it cannot be", async () => {
    expect(said(await folderViolations("--output", within("file"), []))).toEqual([
      '--output: "file" cannot be written: there is a file of that name',
    ]);
    expect(said(await folderViolations("--output", within("file/report"), []))).toEqual([
      '--output: "file/report" cannot be written: a part of the path is a file',
    ]);
    expect(said(await folderViolations("--output", within("used"), ["report.md"]))).toEqual([
      '--output: "used" cannot be written: "used/report.md" is a folder',
    ]);
  });
});

describe("a file that is to be written", () => {
  it("may be there or not, and is left as it is", async () => {
    expect(await fileViolations("--output", within("file"))).toEqual([]);
    expect(await fileViolations("--output", within("other"))).toEqual([]);
    expect(await readdir(folder)).not.toContain("other");
  });

  it("is refused with why it cannot be", async () => {
    expect(said(await fileViolations("--output", within("used")))).toEqual(['--output: "used" cannot be written: "used" is a folder']);
    expect(said(await fileViolations("--output", within("none/file")))).toEqual([
      '--output: "none/file" cannot be written: there is no such folder',
    ]);
  });
});
