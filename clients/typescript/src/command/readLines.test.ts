import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readLines } from "./readLines.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-lines-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function linesOf(content: string | Uint8Array): Promise<(string | undefined)[]> {
  const path = join(folder, "lines.txt");
  await writeFile(path, content);
  const found: (string | undefined)[] = [];
  for await (const lines of readLines(path)) found.push(...lines);
  return found;
}

describe("the lines of a file", () => {
  const cases: [what: string, content: string | Uint8Array, lines: (string | undefined)[]][] = [
    ["end with any kind of break, also the last", "a\nb\r\nc\rd\n", ["a", "b", "c", "d"]],
    ["may be empty, and the last may have no break", "a\n\n\nb", ["a", "", "", "b"]],
    ["of an empty file are none", "", []],
    ["begin after a byte order mark", "\uFEFFa\n\uFEFFb\n", ["a", "\uFEFFb"]],
    ["hold separators that JSON allows in texts", "a\u2028b\n", ["a\u2028b"]],
    ["that are not UTF-8 are known", Buffer.from("a\ncaf\xe9\nb\n", "latin1"), ["a", undefined, "b"]],
  ];
  for (const [what, content, lines] of cases) it(`read: ${what}`, async () => expect(await linesOf(content)).toEqual(lines));

  it("are whole where they are read in pieces", async () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => `${"é".repeat(index % 40)}${index}`);
    for (const end of ["\n", "\r\n", "\r"]) expect(await linesOf(lines.join(end) + end)).toEqual(lines);
    const long = "x".repeat(300_000);
    expect(await linesOf(`${long}\n${long}`)).toEqual([long, long]);
  });

  it("are refused where one would fill the memory", async () => {
    await expect(linesOf("x".repeat(17 * 2 ** 20))).rejects.toThrow("has a line of more than 16777216 bytes");
  });
});
