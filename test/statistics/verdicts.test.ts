import { describe, expect, it } from "vitest";
import { verdictChecks } from "./verdictChecks.js";

// The short form of `npm run test:statistics -- --part verdicts`: the same scenarios and seeds, fewer studies.

const checks = verdictChecks(40);

describe("verdicts", () => {
  it("were tried in every scenario", () => expect(checks.length).toBeGreaterThan(50));

  it.each(checks.map((check) => ({ ...check, title: `${check.measure}: ${check.name}, ${check.setting}` })))(
    "are not wrong more often than promised: $title",
    ({ value, most }) => expect(value).toBeLessThanOrEqual(most),
  );
});
