import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import type { Reporter, SerializedError, TestCase, TestModule, TestResult, Vitest } from "vitest/node";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { testMs } from "../support/limits.js";
import { endProcesses } from "./endProcesses.js";
import { testFolder } from "./testFolder.js";
import { reportVariable, type TestCaseReport, type TestFileReport, type TestReport } from "./testReport.js";

/** More than a hook and the test after it may take, and than their process takes to say so. */
const hangMs = 2 * testMs + 60_000;
const lookMs = 5000;

/** Writes a `TestReport` as JSON. */
export default class StepwireReporter implements Reporter {
  #asked: RegExp | undefined;
  /** When each file whose tests run said something last. Which of its tests has begun since is not said before its process has a turn. */
  readonly #running = new Map<TestModule, number>();
  /** Files that a process has been given: one is being loaded, the others wait for it. */
  readonly #given = new Set<TestModule>();
  /** When any file said something last. */
  #said = performance.now();
  readonly #ended: TestModule[] = [];

  onInit(vitest: Vitest): void {
    this.#asked = vitest.config.testNamePattern;
    // Who started this run is gone: nobody else ends its processes, some of which may compute for ever or stand still. The channel itself does not
    // keep it going.
    process.once("disconnect", () => endProcesses(testFolder()));
    process.channel?.unref();
    setInterval(() => this.#endHanging(), lookMs).unref();
  }

  onTestModuleQueued(module: TestModule): void {
    this.#given.add(module);
    this.#said = performance.now();
  }

  onTestModuleCollected(module: TestModule): void {
    this.#given.delete(module);
    this.#hear(module);
  }

  onTestCaseResult({ module }: TestCase): void {
    if (this.#running.has(module)) this.#hear(module);
  }

  onTestModuleEnd(module: TestModule): void {
    this.#given.delete(module);
    this.#running.delete(module);
    this.#said = performance.now();
    this.#ended.push(module);
  }

  #hear(module: TestModule): void {
    this.#said = performance.now();
    this.#running.set(module, this.#said);
  }

  /**
   * A test that never gives its process a turn is not ended by its own limit, and loading a file has none: the run would never end. Of files that are not
   * loaded yet it is known only that one hangs when nothing else goes on.
   */
  #endHanging(): void {
    const isLongAgo = (moment: number) => performance.now() - moment > hangMs;
    const hanging = [...this.#running].filter(([, heard]) => isLongAgo(heard)).map(([module]) => module);
    if (hanging.length === 0 && isLongAgo(this.#said)) hanging.push(...this.#given);
    if (hanging.length === 0) return;
    write({
      // What has not run is no failure of its own.
      files: [...this.#ended, ...this.#running.keys()].map((module) => fileReport(module, this.#asked, ({ state }) => state !== "pending")),
      errors: hanging.map((module) => `${pathOf(module)} hangs: its process has said nothing for ${hangMs / 60_000} minutes`),
    });
    process.exit(1);
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const files = modules.map((module) => fileReport(module, this.#asked));
    write({ files, errors: unhandled.map(({ message }) => message) });
  }
}

function write(report: TestReport): void {
  writeFileSync(process.env[reportVariable] ?? "test-report.json", JSON.stringify(report));
}

/** Tests that the names asked for (`-t`) leave out are not of this run: vitest calls them skipped, as those that a file itself skips. */
function fileReport(module: TestModule, asked: RegExp | undefined, isTold: (result: TestResult) => boolean = () => true): TestFileReport {
  const { duration, collectDuration, setupDuration } = module.diagnostic();
  const suites = [...module.children.allSuites()];
  return {
    path: pathOf(module),
    project: module.project.name,
    seconds: (duration + collectDuration + setupDuration) / 1000,
    broken: module.errors().length > 0 || suites.some((suite) => suite.errors().length > 0),
    tests: [...module.children.allTests()]
      .filter((test) => isTold(test.result()))
      .map(testReport)
      .filter(({ name }) => asked?.test(name.join(" ")) ?? true),
  };
}

function pathOf({ moduleId }: TestModule): string {
  return relative(repositoryRoot, moduleId);
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
