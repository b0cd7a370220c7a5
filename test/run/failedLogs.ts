import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The last lines of every log that a run has kept, for machines whose files nobody sees afterwards. */
export async function tailsOfLogs(folder: string, lines: number): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const tails = await Promise.all(
    paths.map(async (path) => `--- ${path}\n${(await readFile(path, "utf8")).trimEnd().split("\n").slice(-lines).join("\n")}\n`),
  );
  return tails.join("");
}
