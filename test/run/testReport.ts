/** Names the file that the reporter writes. */
export const reportVariable = "STEPWIRE_TEST_REPORT";

/** What a run of the tests was, as the reporter writes it. */
export interface TestReport {
  files: TestFileReport[];
  /** Errors outside tests: a file that could not be loaded, a rejection that nobody handled. */
  errors: string[];
}

/** One file of tests in one project of vitest.config.ts. */
export interface TestFileReport {
  /** From the repository's root. */
  path: string;
  project: string;
  /** Seconds from loading the file to the end of its last hook. */
  seconds: number;
  /** The file itself failed: it could not be loaded, or a hook of it failed. */
  broken: boolean;
  tests: TestCaseReport[];
}

/** Whether anything of a file failed: itself, a hook, or a test; one that was skipped has shown nothing. */
export function hasFailed({ broken, tests }: TestFileReport): boolean {
  return broken || tests.some(({ state }) => state !== "passed");
}

/** One test. */
export interface TestCaseReport {
  /** The names of its suites and its own, from the outermost. */
  name: string[];
  state: "passed" | "failed" | "skipped";
  /** Assertions that it made. */
  assertions: number;
}
