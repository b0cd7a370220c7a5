import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const floor = (name: string, folder: string) => ({
  find: new RegExp(`^#${name}/(.*)\\.js$`),
  replacement: `${fileURLToPath(new URL(folder, import.meta.url))}/$1.ts`,
});

const tests = {
  exclude: ["**/node_modules/**", "**/dist/**"],
  // Native libraries (TensorFlow) live in the process: forks, not threads.
  pool: "forks" as const,
  testTimeout: 60_000,
  hookTimeout: 120_000,
};

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
    maxWorkers: 2,
    projects: [
      { extends: true, test: { ...tests, name: "all", include: ["{services,clients,deploy,test}/**/*.test.ts"] } },
      // Models give the same numbers without our kernels, as on a GPU.
      {
        extends: true,
        test: { ...tests, name: "twins", include: ["test/parity/**/*.test.ts"], env: { STEPWIRE_KERNELS: "off" } },
      },
    ],
  },
});
