import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { datasetLimits } from "./datasetLimits.js";
import { collectFaults } from "./faultCollector.js";
import { readTable, type TableRow } from "./parseTable.js";
import { inMemory } from "./testdata/tables.js";

async function read(content: string) {
  const faults = collectFaults();
  const table = readTable({ format: "CSV", filename: "x.csv", content: inMemory(Buffer.from(content, "utf8")) }, "files[0]", faults);
  const rows: TableRow[] = [];
  for await (const some of table.rows) rows.push(...some);
  return { rows, faults: faults.list() };
}

describe("CSV", () => {
  it("is read back as it was written, whatever the fields hold", async () => {
    const field = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", "\r\n", " ", "é"), maxLength: 6 });
    const table = fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom("\n", "\r\n"), fc.boolean(), async (records, newline, isBare) => {
        const write = (text: string) => (isBare && !/[",\r\n]/.test(text) ? text : `"${text.replaceAll('"', '""')}"`);
        const content = [["x", "y"], ...records].map((record) => record.map(write).join(",")).join(newline);
        const { rows, faults } = await read(content);
        expect(faults).toEqual([]);
        expect(rows.map(({ values }) => [values["x"], values["y"]])).toEqual(records);
      }),
      { numRuns: 500 },
    );
  });

  it("of old spreadsheets, with CR between the records, is read too", async () => {
    const { rows, faults } = await read('text,label\r"a ""quoted"", one",0\r"two\rlines",1\rlast,0');
    expect(faults).toEqual([]);
    expect(rows).toEqual([
      { number: 2, values: { text: 'a "quoted", one', label: "0" } },
      { number: 3, values: { text: "two\rlines", label: "1" } },
      { number: 5, values: { text: "last", label: "0" } },
    ]);
  });

  it("that never closes a quotation mark is a fault of the row where it opens, and does not fill the memory", async () => {
    const { faults } = await read('text,label\nfine,0\n"a,0\nb,1');
    expect(faults).toMatchObject([{ field: "files[0].rows[3]", reason: "BAD_QUOTING" }]);
    const endless = `text,label\n"${"x\n".repeat(datasetLimits.rowBytes)}`;
    const found = await read(endless);
    expect(found.faults).toMatchObject([{ field: "files[0].rows[2]", reason: "BAD_QUOTING" }]);
    expect(found.faults[0]?.description).toContain(`within ${datasetLimits.rowBytes} characters`);
  });

  it("with many misplaced quotation marks in one long line is refused at once", async () => {
    const { faults } = await read(`text,label\na${'"'.repeat(3_000_000)},0\nb,1\n`);
    expect(faults).toMatchObject([{ field: "files[0].rows[2]", reason: "BAD_QUOTING" }]);
  });
});
