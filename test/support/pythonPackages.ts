import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "#local/cachePaths.js";

const run = promisify(execFile);

/**
 * Python packages for tests that speak to Stepwire from Python, installed once into the cache.
 * `pip --target` needs no virtual environment, which Debian's Python has only after another package.
 * @param packages pinned, for example "grpcio==1.75.0"
 * @param fromSource names of those that are published without a wheel
 * @returns the folder to put into PYTHONPATH
 */
export async function pythonPackages(packages: readonly string[], fromSource: readonly string[] = []): Promise<string> {
  const key = createHash("sha256").update(packages.join(" ")).digest("hex").slice(0, 16);
  const folder = join(cacheFolder(), "python", key);
  if (!existsSync(folder)) {
    const partial = `${folder}-${randomUUID()}`;
    await mkdir(partial, { recursive: true });
    await run("python3", [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--disable-pip-version-check",
      "--only-binary=:all:",
      ...fromSource.map((name) => `--no-binary=${name}`),
      "--target",
      partial,
      ...packages,
    ]);
    await rename(partial, folder).catch(async (error: unknown) => {
      await rm(partial, { recursive: true, force: true });
      if (!existsSync(folder)) throw error;
    });
  }
  return folder;
}
