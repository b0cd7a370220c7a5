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

  it("names the line of every misplaced quotation mark, and reads all other records with their numbers", async () => {
    const good = fc.constantFrom("a,0", '"a, ""b""",1', '"two\nlines",0', '"three\r\nlong\n""lines""",1', '"lone\rCR",0', "lone\rCR,1", "");
    const bad = fc.constantFrom(
      '5" disk,0',
      'an "old" word,1',
      '"a"b,0',
      '"two\r\nli"nes,1',
      '"lone\rCR\r\nand ""so"" on"x,0',
      '"open\n""","a"b',
    );
    const records = fc.array(
      fc.oneof(
        good.map((text) => ({ text, isGood: true })),
        bad.map((text) => ({ text, isGood: false })),
      ),
      { maxLength: 100 },
    );
    await fc.assert(
      fc.asyncProperty(records, fc.constantFrom("\n", "\r\n"), async (all, newline) => {
        const { rows, faults } = await read(["text,label", ...all.map(({ text }) => text)].join(newline));
        const numbers: number[] = [];
        const faulty: string[] = [];
        let line = 2;
        for (const { text, isGood } of all) {
          const breaks = text.split("\n").length - 1;
          if (!isGood) faulty.push(`files[0].rows[${line + breaks}]`);
          else if (text !== "") numbers.push(line);
          line += breaks + 1;
        }
        expect(rows.map(({ number }) => number)).toEqual(numbers);
        expect(faults.map(({ field }) => field)).toEqual(faulty);
      }),
      { numRuns: 200 },
    );
  });

  it("with more misplaced quotation marks than are reported is not read to its end, and says so", async () => {
    const { faults } = await read(`text,label\n${'5" disk,0\n'.repeat(1_000_000)}`);
    expect(faults.slice(0, 100).map(({ field }) => field)).toEqual(
      Array.from({ length: 100 }, (_, index) => `files[0].rows[${index + 2}]`),
    );
    expect(faults.slice(100)).toEqual([{ field: "files", reason: "MORE_FAULTS", description: "… and at least 1 more" }]);
  });

  it("goes on after a misplaced quotation mark, however far away the next one is", async () => {
    const { rows, faults } = await read(`text,label\n5" disk,0\n${"plain words,0\n".repeat(datasetLimits.rowBytes / 8)}"two\nlines",1\n`);
    expect(faults.map(({ field, description }) => `${field} ${description}`)).toEqual([
      expect.stringMatching(/^files\[0\]\.rows\[2\] .*is misplaced/) as string,
    ]);
    expect(rows).toHaveLength(datasetLimits.rowBytes / 8 + 1);
    expect(rows.at(-1)).toEqual({ number: 3 + datasetLimits.rowBytes / 8, values: { text: "two\nlines", label: "1" } });
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
