import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { TestCaseReport, TestFileReport } from "./testReport.js";
import { countTests, failureLines, slowestFiles } from "./testSummary.js";

const test = (name: string[], state: TestCaseReport["state"] = "passed"): TestCaseReport => ({ name, state, assertions: 1 });
const file = (path: string, tests: TestCaseReport[], change: Partial<TestFileReport> = {}): TestFileReport => ({
  ...{ path, project: "units", seconds: 1, broken: false, tests },
  ...change,
});

describe("the counts of a run", () => {
  it("hold what passed, and as failed what failed, was skipped or could not be loaded, and errors outside tests", () => {
    const files = [
      file("a.test.ts", [test(["one"]), test(["two"], "failed"), test(["three"], "skipped")]),
      file("b.test.ts", [], { broken: true }),
      // Its hook failed, and so did its tests, which are counted already.
      file("c.test.ts", [test(["four"], "failed")], { broken: true }),
    ];
    expect(countTests({ files, errors: ["nobody handled it"] })).toEqual({ passed: 1, failed: 5 });
  });

  it("are of no failure where everything passed", () => {
    expect(countTests({ files: [file("a.test.ts", [test(["one"])])], errors: [] })).toEqual({ passed: 1, failed: 0 });
  });
});

describe("what failed", () => {
  it("is nothing where everything passed", () => {
    expect(failureLines({ files: [file("a.test.ts", [test(["one"])])], errors: [] }, () => "/logs")).toEqual([]);
  });

  it("is named with its suites, with the command that runs it alone and the place of its logs", () => {
    const files = [
      file("a.test.ts", [test(["passes"]), test(["a suite", "it's (really) gone"], "failed"), test(["is left out"], "skipped")]),
      file("b.test.ts", [], { broken: true, project: "twins" }),
    ];
    const logs = (path: string) => (path === "b.test.ts" ? undefined : `/logs/${path}`);
    expect(failureLines({ files, errors: ["a rejection"] }, logs)).toEqual([
      "  a.test.ts > a suite > it's (really) gone",
      String.raw`    npm test -- --project units a.test.ts -t '^a suite it'\''s \(really\) gone$'`,
      "  a.test.ts > is left out (skipped)",
      "    npm test -- --project units a.test.ts -t '^is left out$'",
      "    logs: /logs/a.test.ts",
      "  b.test.ts (twins) (the file itself, or one of its hooks)",
      "    npm test -- --project twins b.test.ts",
      "  outside all tests: a rejection",
      "    logs: /logs/",
    ]);
  });

  it("has a command that a shell hands over as it is", () => {
    const name = `a $name with "quotes", 'others', \`backticks\` and a \\`;
    const [, command = ""] = failureLines({ files: [file("a.test.ts", [test([name], "failed")])], errors: [] }, () => undefined);
    const [, quoted = ""] = / -t (.*)$/s.exec(command) ?? [];
    const pattern = execFileSync("sh", ["-c", `printf %s ${quoted}`], { encoding: "utf8" });
    expect(new RegExp(pattern).test(name)).toBe(true);
  });
});

it("the slowest files come first, and say which project ran them", () => {
  const files = [1, 3, 2].map((seconds) => file(`${seconds}.test.ts`, [], { seconds, ...(seconds === 3 && { project: "twins" }) }));
  expect(slowestFiles({ files, errors: [] }, 2)).toEqual(["    3.0 s  3.test.ts (twins)", "    2.0 s  2.test.ts"]);
});
