// Every check that needs no engine, all of them even when one fails: node deploy/local/bootstrap.mjs check

import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const bin = (name) => join(root, "node_modules/.bin", name);
const checks = [
  ["types", bin("tsc"), ["-b"]],
  ["lint", bin("oxlint"), ["--type-aware"]],
  ["format", bin("oxfmt"), ["--check"]],
  ["dead exports", bin("knip"), []],
  ["proto lint", bin("buf"), ["lint", "proto"]],
  ["generated types", process.execPath, [join(root, "dist/deploy/local/generateProtoTypes.js"), "--check"]],
  ["study schema", process.execPath, [join(root, "dist/deploy/local/generateStudySchema.js"), "--check"]],
];
const failed = [];
for (const [title, program, args] of checks) {
  const started = Date.now();
  const { status } = spawnSync(program, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) failed.push(title);
  console.log(`${status === 0 ? "ok    " : "FAILED"} ${title} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}
if (failed.length > 0) {
  console.error(`failed: ${failed.join(", ")}`);
  process.exit(1);
}
