import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "./repositoryRoot.js";
import { ensureSetup } from "./setup.js";

// npm test: sets up what the tests need, runs them (arguments go to vitest), and ends with a line that counts them.

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numFailedTestSuites: number;
  numPendingTests: number;
  numTodoTests: number;
}

await ensureSetup();
const folder = await mkdtemp(join(tmpdir(), "stepwire-tests-"));
try {
  const output = join(folder, "report.json");
  const vitest = join(createRequire(import.meta.url).resolve("vitest/package.json"), "../vitest.mjs");
  const args = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${output}`, ...process.argv.slice(2)];
  const child = spawn(process.execPath, [vitest, ...args], { cwd: repositoryRoot, stdio: "inherit" });
  const [code] = (await once(child, "exit")) as [number | null];
  const report = await readFile(output, "utf8").then(
    (text) => JSON.parse(text) as Report,
    () => ({ numPassedTests: 0, numFailedTests: 1, numFailedTestSuites: 0, numPendingTests: 0, numTodoTests: 0 }),
  );
  // A file that could not be loaded has no tests to count, and a skipped test has shown nothing: both are failures.
  const broken = report.numFailedTests === 0 && code !== 0 ? Math.max(1, report.numFailedTestSuites) : 0;
  const failed = report.numFailedTests + report.numPendingTests + report.numTodoTests + broken;
  console.log(`${report.numPassedTests} passed, ${failed} failed`);
  process.exitCode = failed === 0 && report.numPassedTests > 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
