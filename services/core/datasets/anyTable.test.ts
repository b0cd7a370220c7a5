import { readFileSync, readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TableFile } from "./parseTable.js";
import { buildInMemory, file } from "./testdata/tables.js";

const format = fc.constantFrom<TableFile["format"]>("CSV", "TSV", "JSONL", "PARQUET");
const columnName = fc.oneof(fc.constantFrom("text", "label", "pair", "__proto__", "constructor", ""), fc.string({ maxLength: 8 }));
const columns = fc.record({ text: columnName, label: columnName, textPair: columnName }, { requiredKeys: ["text", "label"] });
const text = fc.oneof(
  fc.constantFrom("a", "b", "", " ", "0", "1", "1.5", "\ud800", '"', "\n", "\r"),
  fc.string({ unit: "binary", maxLength: 12 }),
);

const csvLine = fc.array(text, { maxLength: 4 }).map((fields) => fields.join(","));
const tsvLine = fc.array(text, { maxLength: 4 }).map((fields) => fields.join("\t"));
const jsonLine = fc.oneof(
  fc.dictionary(columnName, fc.jsonValue(), { maxKeys: 4 }).map((row) => JSON.stringify(row)),
  fc.record({ text, label: fc.oneof(text, fc.integer({ min: 0, max: 3 })) }).map((row) => JSON.stringify(row)),
  fc.json(),
);
const lines = fc
  .tuple(fc.constantFrom("text,label", "text\tlabel", "text,label,pair", "", "\ufefftext,label"), fc.constantFrom("\n", "\r\n", "\r"))
  .chain(([header, newline]) =>
    fc.array(fc.oneof(csvLine, tsvLine, jsonLine), { maxLength: 8 }).map((rows) => [header, ...rows].join(newline)),
  )
  .map((content) => Buffer.from(content, "utf8"));
const folder = new URL("./testdata/", import.meta.url);
const parquets = readdirSync(folder)
  .filter((name) => name.endsWith(".parquet"))
  .map((name) => readFileSync(new URL(name, folder)));
/** Parquet that pyarrow wrote, or a part of it; what other damage does is tested where a process contains it (`damagedParquet.test.ts`). */
const cutOff = fc
  .tuple(fc.constantFrom(...parquets), fc.nat(40), fc.nat(40))
  .map(([bytes, from, less]) => bytes.subarray(from, bytes.length - less));
const content = fc.oneof(fc.uint8Array({ maxLength: 200 }), lines, fc.constantFrom(...parquets), cutOff);
const upload = fc.array(fc.record({ split: fc.oneof(fc.constantFrom("train", "test", "Dev", ""), text), format, content }), {
  maxLength: 3,
});

describe("whatever comes", () => {
  it("is a data set or faults, never anything else", async () => {
    await fc.assert(
      fc.asyncProperty(upload, columns, async (files, chosen) => {
        const { dataset, faults } = await buildInMemory({
          files: files.map((one) => file(one.split, one.format, one.content)),
          columns: chosen,
        });
        expect(dataset === undefined).toBe(faults.length > 0);
        for (const { field, reason, description } of faults) {
          expect(field).toMatch(
            /^(?:files(?:\[\d+\](?:\.(?:split|format|rows\[\d+\](?:\.(?:text|text_pair|label))?))?)?|header\.columns\.(?:text|text_pair|label))$/,
          );
          expect(reason).toMatch(/^[A-Z][A-Z0-9_]*$/);
          expect(description).not.toMatch(/[\p{Cc}\p{Surrogate}]/u);
          expect(description.length).toBeLessThan(4000);
        }
        if (!dataset) return;
        expect(dataset.classes.length).toBeGreaterThan(1);
        for (const { rows, examples, classCounts } of dataset.splits) {
          expect(examples).toHaveLength(rows);
          expect(classCounts.reduce((sum, count) => sum + count, 0)).toBe(rows);
          for (const { label } of examples) expect(dataset.classes[label]).toBeDefined();
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("is a data set as often as it should be: tables of good rows", async () => {
    const row = fc.record({
      text: fc.string({ minLength: 1, maxLength: 20 }).filter((one) => one.trim() !== ""),
      label: fc.integer({ min: 0, max: 4 }),
    });
    const good = fc.array(row, { minLength: 2, maxLength: 30 }).filter((rows) => new Set(rows.map(({ label }) => label)).size > 1);
    await fc.assert(
      fc.asyncProperty(good, async (rows) => {
        const { dataset, faults } = await buildInMemory({
          files: [file("train", "JSONL", rows.map((one) => JSON.stringify(one)).join("\n"))],
          columns: { text: "text", label: "label" },
        });
        expect(faults).toEqual([]);
        expect(dataset?.splits[0]?.examples.map((example) => example.text)).toEqual(rows.map((one) => one.text));
        expect(dataset?.splits[0]?.examples.map(({ label }) => dataset.classes[label])).toEqual(rows.map(({ label }) => String(label)));
      }),
    );
  });
});
