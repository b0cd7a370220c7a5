import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const floor = (name: string, folder: string) => ({
  find: new RegExp(`^#${name}/(.*)\\.js$`),
  replacement: `${fileURLToPath(new URL(folder, import.meta.url))}/$1.ts`,
});

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
    include: ["{services,clients,deploy,test}/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    // Native libraries (TensorFlow) live in the process: forks, not threads.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
