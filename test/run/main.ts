import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { ensureSetup } from "#local/setup.js";
import { endProcesses } from "./endProcesses.js";
import { tailsOfLogs } from "./failedLogs.js";
import { describeMachine } from "./machineSpeed.js";
import { cleanTestFolder, logFolder, openTestFolder, testEnvironment } from "./testFolder.js";
import { reportVariable, type TestReport } from "./testReport.js";
import { countTests, failureLines, slowestFiles } from "./testSummary.js";

// npm test: sets up what the tests need, runs them (arguments go to vitest), says what failed and how to run it alone, and ends with a line
// that counts them.

const slowestShown = 10;
const logLinesShown = 60;
/** What vitest takes to end its processes when somebody interrupts it. */
const graceMs = 10_000;

try {
  await ensureSetup();
  console.log(await describeMachine());
  process.exitCode = (await testsPass()) ? 0 : 1;
} catch (error) {
  console.error(error);
  // The last line counts the tests, whatever happened.
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}

/** Runs the tests in a folder of their own, and says how they went. */
async function testsPass(): Promise<boolean> {
  const folder = await openTestFolder(tmpdir());
  const started = performance.now();
  const report = await runTests(folder);
  await cleanTestFolder(folder, report).catch((error: unknown) => console.error(`${folder} cannot be cleared: ${String(error)}`));
  const logsOf = (path: string) => {
    const logs = logFolder(path, folder);
    return existsSync(logs) ? logs : undefined;
  };
  if (report.files.length > slowestShown) console.log(`slowest files:\n${slowestFiles(report, slowestShown).join("\n")}`);
  const tests = report.files.flatMap((file) => file.tests);
  console.log(`assertions: ${tests.reduce((sum, { assertions }) => sum + assertions, 0)} in ${tests.length} tests`);
  const failures = failureLines(report, logsOf);
  if (failures.length > 0 && process.env["CI"]) console.log(await tailsOfLogs(logFolder("", folder), logLinesShown));
  if (failures.length > 0) console.log(`failed:\n${failures.join("\n")}`);
  console.log(`tests: ${((performance.now() - started) / 1000).toFixed(0)} s`);
  const { passed, failed } = countTests(report);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0;
}

/**
 * Runs vitest, in a process group of its own: nothing of it or of its services is left when it has ended, nor when somebody ends this process. What ended
 * without a report, or found no test, has failed.
 */
async function runTests(folder: string): Promise<TestReport> {
  const reportFile = join(folder, "report.json");
  const vitest = join(createRequire(import.meta.url).resolve("vitest/package.json"), "../vitest.mjs");
  const reporter = join(import.meta.dirname, "reporter.js");
  const args = ["run", "--reporter=default", `--reporter=${reporter}`, ...process.argv.slice(2)];
  const child = spawn(process.execPath, [vitest, ...args], {
    cwd: repositoryRoot,
    detached: true,
    // The channel tells it when this process is gone.
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...process.env, ...testEnvironment(folder), [reportVariable]: reportFile },
  });
  const toAll = (signal: NodeJS.Signals) => {
    try {
      process.kill(-(child.pid ?? Number.NaN), signal);
    } catch {
      // There is none any more.
    }
  };
  let isEnding = false;
  const endEarly = () => {
    // A signal to the whole group comes once more from who started this process, and one who is in a hurry sends two.
    if (isEnding) return;
    isEnding = true;
    toAll("SIGTERM");
    setTimeout(toAll, graceMs, "SIGKILL").unref();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, endEarly);
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  toAll("SIGKILL");
  endProcesses(folder);
  const report = await readFile(reportFile, "utf8").then(
    (text) => JSON.parse(text) as TestReport,
    (): TestReport => ({ files: [], errors: [`vitest ended without a report (${signal ?? `exit code ${code}`})`] }),
  );
  if (code !== 0 && countTests(report).failed === 0) report.errors.push(`vitest ended with ${signal ?? `exit code ${code}`}`);
  return report;
}
