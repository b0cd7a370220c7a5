import { hasFailed, type TestCaseReport, type TestFileReport, type TestReport } from "./testReport.js";

/** How many tests passed and failed. */
export interface TestCounts {
  passed: number;
  failed: number;
}

/**
 * Counts a run. A file that could not be loaded or whose hooks failed has failed, and so has a skipped test, which has shown nothing, and an
 * error outside all tests.
 */
export function countTests({ files, errors }: TestReport): TestCounts {
  const tests = files.flatMap((file) => file.tests);
  const passed = tests.filter(({ state }) => state === "passed").length;
  const broken = files.filter((file) => file.broken && file.tests.every(({ state }) => state !== "failed")).length;
  return { passed, failed: tests.length - passed + broken + errors.length };
}

/** The files that took longest, as lines. */
export function slowestFiles({ files }: TestReport, most: number): string[] {
  const slowest = files.toSorted((a, b) => b.seconds - a.seconds).slice(0, most);
  return slowest.map((file) => `${file.seconds.toFixed(1).padStart(7)} s  ${titleOf(file)}`);
}

/**
 * Everything that failed, each with the command that runs it alone and the place of its logs; no line when nothing did.
 * @param logsOf where the logs of a file of tests are, or, of the empty path, those of the whole run; undefined when there are none
 */
export function failureLines({ files, errors }: TestReport, logsOf: (path: string) => string | undefined): string[] {
  const lines = files.flatMap((file) => {
    if (!hasFailed(file)) return [];
    const failed = file.tests.filter(({ state }) => state !== "passed");
    const logs = logsOf(file.path);
    const whole = file.broken ? [`  ${titleOf(file)} (the file itself, or one of its hooks)`, `    npm test -- ${runArguments(file)}`] : [];
    const tests = failed.flatMap((test) => [
      `  ${titleOf(file)} > ${test.name.join(" > ").replaceAll("\n", " ")}${test.state === "skipped" ? " (skipped)" : ""}`,
      `    npm test -- ${runArguments(file)} -t ${shellQuoted(namePattern(test))}`,
    ]);
    return [...whole, ...tests, ...(logs === undefined ? [] : [`    logs: ${logs}`])];
  });
  const logs = errors.length > 0 ? logsOf("") : undefined;
  return [...lines, ...errors.map((message) => `  outside all tests: ${message}`), ...(logs === undefined ? [] : [`    logs: ${logs}`])];
}

function titleOf({ path, project }: TestFileReport): string {
  return project === "twins" ? `${path} (twins)` : path;
}

function runArguments({ path, project }: TestFileReport): string {
  return `--project ${project} ${path}`;
}

/** As vitest's -t takes it: a regular expression of the names with a space between them. */
function namePattern({ name }: TestCaseReport): string {
  return `^${name.join(" ").replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)}$`;
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
