import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { failureLines } from "./testSummary.js";

it("the command that is printed for a failed test runs that one alone, and counts no other of its file", async () => {
  // Of a file with three tests.
  const failed = { name: ["nearest", "ignores letter case"], state: "failed" as const, assertions: 0 };
  const file = { path: "services/core/nearest.test.ts", project: "units", seconds: 1, broken: false, tests: [failed] };
  const [, command = ""] = failureLines({ files: [file], errors: [] }, () => undefined);
  const started = command.trim().replace(/^npm test -- /, `"$0" dist/test/run/main.js `);
  const environment = Object.entries(process.env).filter(([name]) => !/^VITEST|^STEPWIRE_TEST_|^TEST$|^NODE_ENV$/.test(name));
  const child = spawn("sh", ["-c", started, process.execPath], { cwd: repositoryRoot, env: Object.fromEntries(environment) });
  const [said, complaints, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once("exit", resolve)),
  ]);
  expect(`${said}${complaints}`).toMatch(/\n1 passed, 0 failed\n$/);
  expect(code).toBe(0);
});
