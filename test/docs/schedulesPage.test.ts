import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { describeRange } from "#core/optimizers/hyperparameter.js";
import { scheduleFactor } from "#core/schedules/scheduleFactor.js";
import { schedules } from "#core/schedules/schedules.js";

// docs/schedules.md is written by hand, for its formulas; what it repeats of the schedules themselves is held against them.

const page = await readFile(new URL("../../docs/schedules.md", import.meta.url), "utf8");
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.split("\n")[0] ?? "", section]),
);

test("has a section for each schedule, in their order", () => {
  expect([...sections.keys()]).toEqual(schedules.map(({ name }) => name));
});

test.each(schedules)("says what $name is, and its options with default and range", ({ name, description, options }) => {
  const section = sections.get(name) ?? "";
  expect(section).toContain(description);
  expect(section).toMatch(/```text\n[^`]+```/);
  expect(section).toMatch(/^Source: (transformers|torch)/m);
  const rows = [...section.matchAll(/^\| `(\w+)` \| `(.*)` \| (.*) \| (.*) \|$/gm)].map(([, ...cells]) => cells);
  expect(rows.map(([key, value, ...rest]) => [key, JSON.parse(value ?? "") as unknown, ...rest])).toEqual(
    Object.entries(options).map(([key, declaration]) => [key, declaration.default, describeRange(declaration), declaration.description]),
  );
});

test.each(schedules)("shows the factors of $name", ({ name }) => {
  const [, given = "", cells = ""] = new RegExp(`^\\| ${name}(?:, (.*?))? \\| (.*) \\|$`, "m").exec(page) ?? [];
  const [, option = "", value = ""] = /^`(\w+)` (\d+)$/.exec(given) ?? [];
  const options = option === "" ? {} : { [option]: Number(value) };
  const factors = Array.from({ length: 10 }, (_, index) => scheduleFactor({ name, warmupSteps: 3, options }, index + 1, 10));
  expect(cells.split(" | ").map(Number)).toEqual(factors.map((factor) => Number(factor.toFixed(3))));
});
