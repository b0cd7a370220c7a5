import { afterEach, expect } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    /** Assertions that the test made. */
    assertions?: number;
  }
}

afterEach(({ task }) => {
  task.meta.assertions = expect.getState().assertionCalls;
});
