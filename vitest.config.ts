import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { testMs, waitMs } from "./test/support/limits.js";

const floor = (name: string, folder: string) => ({
  find: new RegExp(`^#${name}/(.*)\\.js$`),
  replacement: `${fileURLToPath(new URL(folder, import.meta.url))}/$1.ts`,
});

const tests = {
  exclude: ["**/node_modules/**", "**/dist/**"],
  // Native libraries (TensorFlow) live in the process: forks, not threads.
  pool: "forks" as const,
  // Files of a project share processes one after the other, so that modules are loaded and a local stack is started once in each.
  isolate: false,
  setupFiles: [fileURLToPath(new URL("test/run/countAssertions.ts", import.meta.url))],
  testTimeout: testMs,
  hookTimeout: testMs,
  expect: { poll: { timeout: waitMs, interval: 50 } },
};

/** What is read once when a process starts: these files need one of their own. */
const alone = ["services/engine/kernels.test.ts", "services/engine/precision.test.ts", "test/endToEnd/oneTrace.test.ts"];
const parity = ["test/parity/**/*.test.ts"];
/** One process computes for as long as all others wait: it begins early. */
const long = ["services/engine/optimizer/executors.test.ts"];

// Vitest runs projects in the order of their names: what waits much comes first, and what computes fills the gaps.
export default defineConfig({
  resolve: {
    alias: [
      floor("core", "services/core"),
      floor("engine", "services/engine"),
      floor("platform", "services/platform"),
      floor("trainer", "services/trainer"),
      floor("evaluator", "services/evaluator"),
      floor("local", "deploy/local"),
    ],
  },
  test: {
    // End-to-end tests wait for other processes half of the time.
    maxWorkers: availableParallelism() + 2,
    teardownTimeout: testMs,
    globalSetup: [fileURLToPath(new URL("test/run/ownFolder.ts", import.meta.url))],
    projects: [
      { extends: true, test: { ...tests, name: "alone", isolate: true, include: alone } },
      { extends: true, test: { ...tests, name: "computing", include: long } },
      {
        extends: true,
        test: { ...tests, name: "endToEnd", include: ["{deploy,test}/**/*.test.ts"], exclude: [...tests.exclude, ...alone, ...parity] },
      },
      { extends: true, test: { ...tests, name: "parity", include: parity } },
      // Models give the same numbers without our kernels, as on a GPU.
      { extends: true, test: { ...tests, name: "twins", include: parity, env: { STEPWIRE_KERNELS: "off" } } },
      {
        extends: true,
        test: { ...tests, name: "units", include: ["{services,clients}/**/*.test.ts"], exclude: [...tests.exclude, ...alone, ...long] },
      },
    ],
  },
});
