import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { defaultModelFolder } from "#local/defaultModel.js";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { pythonPackages } from "../support/pythonPackages.js";

// npm run test:parity: makes the goldens anew and compares them with those of the repository, opens exports of every family and task in
// transformers and peft, and runs the parity tests with our kernels and without.
// Usage: npm run test:parity -- [--python PYTHON]     PYTHON has the packages below; without one they are installed into the cache.

const { values: options } = parseArgs({ options: { python: { type: "string" } } });
const packages = [
  "torch==2.15.0",
  "transformers==5.23.0",
  "peft==0.21.2",
  "tokenizers==0.23.3",
  "safetensors==0.8.0",
  "numpy==2.4.6",
  "accelerate==1.15.0",
];
const here = join(repositoryRoot, "test/parity");
const folder = mkdtempSync(join(tmpdir(), "stepwire-parity-"));
let failed = 0;

function say(isFine: boolean, text: string): void {
  if (!isFine) failed++;
  console.log(`${isFine ? "ok" : "FAILED"} ${text}`);
}

/** Numbers of two JSON documents that differ by more than rounding on another machine; the libraries' versions may differ. */
function differences(expected: unknown, actual: unknown, path = ""): string[] {
  if (path === ".versions") return [];
  if (typeof expected === "number" && typeof actual === "number")
    return Math.abs(expected - actual) <= 1e-5 * Math.max(1, Math.abs(expected)) ? [] : [`${path}: ${expected}, now ${actual}`];
  if (typeof expected !== "object" || expected === null || typeof actual !== "object" || actual === null)
    return expected === actual ? [] : [`${path}: ${JSON.stringify(expected)}, now ${JSON.stringify(actual)}`];
  const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...keys].flatMap((key) =>
    differences((expected as Record<string, unknown>)[key], (actual as Record<string, unknown>)[key], `${path}.${key}`),
  );
}

try {
  if (!options.python) console.error("installing torch, transformers and peft into the cache: once, some gigabytes");
  const environment = options.python ? process.env : { ...process.env, PYTHONPATH: await pythonPackages(packages) };
  const python = (script: string, ...args: string[]) =>
    execFileSync(options.python ?? "python3", [script, ...args], {
      env: environment,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });

  const copy = join(folder, "parity");
  cpSync(here, copy, { recursive: true, filter: (path) => !path.endsWith(".ts") });
  console.error("making the goldens anew, with torch: some minutes");
  python(join(copy, "make_goldens.py"), defaultModelFolder());
  python(join(copy, "make_decoder_goldens.py"));
  for (const name of readdirSync(join(here, "goldens")).filter((each) => each.endsWith(".json"))) {
    const [kept, made] = [here, copy].map((place) => JSON.parse(readFileSync(join(place, "goldens", name), "utf8")) as unknown);
    const found = differences(kept, made);
    say(found.length === 0, `goldens ${name}${found.length > 0 ? `: ${found.length} values differ, the first ${found[0]}` : ""}`);
  }

  console.error("writing exports of every family and task, and opening them in Python");
  const exports = join(folder, "exports");
  const write = join(repositoryRoot, "dist/test/parity/writeExports.js");
  execFileSync(process.execPath, [write, join(here, "goldens"), defaultModelFolder(), exports], { stdio: ["ignore", "inherit", "ignore"] });
  const checked = spawnSync(options.python ?? "python3", [join(here, "check_exports.py"), exports], { env: environment, encoding: "utf8" });
  process.stdout.write(checked.stdout);
  say(checked.status === 0, "exports open in transformers and peft with the engine's predictions");

  const vitest = join(createRequire(import.meta.url).resolve("vitest/package.json"), "../vitest.mjs");
  const tests = spawnSync(process.execPath, [vitest, "run", "test/parity"], { cwd: repositoryRoot, stdio: "inherit" });
  say(tests.status === 0, "parity tests, with our kernels and without");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(failed === 0 ? "all agree" : `${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
