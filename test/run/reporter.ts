import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import type { Reporter, SerializedError, TestCase, TestModule, Vitest } from "vitest/node";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { reportVariable, type TestCaseReport, type TestFileReport, type TestReport } from "./testReport.js";

/** Writes a `TestReport` as JSON. */
export default class StepwireReporter implements Reporter {
  #asked: RegExp | undefined;

  onInit(vitest: Vitest): void {
    this.#asked = vitest.config.testNamePattern;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const files = modules.map((module) => fileReport(module, this.#asked));
    const report: TestReport = { files, errors: unhandled.map(({ message }) => message) };
    writeFileSync(process.env[reportVariable] ?? "test-report.json", JSON.stringify(report));
  }
}

/** Tests that the names asked for (`-t`) leave out are not of this run: vitest calls them skipped, as those that a file itself skips. */
function fileReport(module: TestModule, asked: RegExp | undefined): TestFileReport {
  const { duration, collectDuration, setupDuration } = module.diagnostic();
  const suites = [...module.children.allSuites()];
  return {
    path: relative(repositoryRoot, module.moduleId),
    project: module.project.name,
    seconds: (duration + collectDuration + setupDuration) / 1000,
    broken: module.errors().length > 0 || suites.some((suite) => suite.errors().length > 0),
    tests: Array.from(module.children.allTests(), testReport).filter(({ name }) => asked?.test(name.join(" ")) ?? true),
  };
}

function testReport(test: TestCase): TestCaseReport {
  const { state } = test.result();
  const { assertions = 0 } = test.meta();
  return { name: namesOf(test), state: state === "pending" ? "skipped" : state, assertions };
}

function namesOf(test: TestCase): string[] {
  const names = [test.name];
  for (let parent = test.parent; parent.type === "suite"; parent = parent.parent) names.unshift(parent.name);
  return names;
}
