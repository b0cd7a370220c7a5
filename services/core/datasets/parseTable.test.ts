import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { collectFaults } from "./faultCollector.js";
import { readTable, type TableFile, type TableRow } from "./parseTable.js";
import { inMemory } from "./testdata/tables.js";

async function parse(format: TableFile["format"], content: string | Uint8Array, wanted?: string[]) {
  const faults = collectFaults();
  const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
  const table = readTable({ format, filename: "train.x", content: inMemory(bytes) }, "file", faults, wanted);
  const rows: TableRow[] = [];
  for await (const some of table.rows) rows.push(...some);
  return { columns: [...table.columns], rows, faults: faults.list() };
}
const parquet = (name: string) => readFileSync(new URL(`./testdata/${name}.parquet`, import.meta.url));

describe("CSV", () => {
  it("reads quoted commas, quotation marks and newlines, and counts lines as an editor does", async () => {
    for (const newline of ["\n", "\r\n"]) {
      const lines = ["\ufefftext,label", '"a, ""b""",0', "", `"two${newline}lines",1`, "last 😀,ä"];
      expect(await parse("CSV", lines.join(newline))).toEqual({
        columns: ["text", "label"],
        rows: [
          { number: 2, values: { text: 'a, "b"', label: "0" } },
          { number: 4, values: { text: `two${newline}lines`, label: "1" } },
          { number: 6, values: { text: "last 😀", label: "ä" } },
        ],
        faults: [],
      });
    }
  });

  it("names every record with another number of fields, and keeps the others", async () => {
    const { rows, faults } = await parse("CSV", "text,label\na,0\nb\nc,1\nd,e,1\n");
    expect(rows.map(({ number }) => number)).toEqual([2, 4]);
    expect(faults.map(({ field, description }) => `${field} ${description}`)).toEqual([
      'file.rows[3] "train.x", row 3: has 1 fields, the header has 2; it begins "b"',
      'file.rows[5] "train.x", row 5: has 3 fields, the header has 2; it begins "d"',
    ]);
  });

  it("names the row of a misplaced quotation mark, and goes on after it", async () => {
    const { rows, faults } = await parse("CSV", 'text,label\na "b" c,0\nd,1\n');
    expect(faults).toMatchObject([{ field: "file.rows[2]", reason: "BAD_QUOTING" }]);
    expect(rows).toEqual([{ number: 3, values: { text: "d", label: "1" } }]);
  });

  it("says so when a quotation mark is never closed", async () => {
    const { faults } = await parse("CSV", 'text,label\n"a,0\nb,1');
    expect(faults).toMatchObject([{ reason: "BAD_QUOTING", description: expect.stringContaining("never closed") as string }]);
  });

  it("names a column that stands in the header twice", async () => {
    expect((await parse("CSV", "text,text\na,b\n")).faults).toMatchObject([{ reason: "DUPLICATE_COLUMN" }]);
  });

  it("keeps a column named __proto__ a column", async () => {
    const { rows } = await parse("CSV", "__proto__,label\na,0\n");
    expect(Object.entries(rows[0]?.values ?? {})).toEqual([
      ["__proto__", "a"],
      ["label", "0"],
    ]);
  });
});

describe("TSV", () => {
  it("takes quotation marks as they stand", async () => {
    expect(await parse("TSV", '\ufeffsentence\tlabel\r\n"stray quote\t0\r\n\r\na "b" \\t\t1')).toEqual({
      columns: ["sentence", "label"],
      rows: [
        { number: 2, values: { sentence: '"stray quote', label: "0" } },
        { number: 4, values: { sentence: 'a "b" \\t', label: "1" } },
      ],
      faults: [],
    });
  });

  it("names a line with a tab too many", async () => {
    expect((await parse("TSV", "a\tb\n1\t2\t3\n")).faults).toMatchObject([{ field: "file.rows[2]", reason: "FIELD_COUNT" }]);
  });
});

describe("JSON Lines", () => {
  it("reads objects, and takes as columns every name that occurs", async () => {
    expect(await parse("JSONL", '\ufeff{"text":"a\\nb","label":0}\r\n\n{"label":1.5,"more":null}')).toEqual({
      columns: ["text", "label", "more"],
      rows: [
        { number: 1, values: { text: "a\nb", label: 0 } },
        { number: 3, values: { label: 1.5, more: null } },
      ],
      faults: [],
    });
  });

  it("names every line that is not a JSON object", async () => {
    const { rows, faults } = await parse("JSONL", '{"text":"a"}\n{"text":\n[1]\nnull\n{"text":"b"}\n');
    expect(rows.map(({ number }) => number)).toEqual([1, 5]);
    expect(faults.map(({ field, reason }) => `${field} ${reason}`)).toEqual([
      "file.rows[2] BAD_JSON",
      "file.rows[3] NOT_AN_OBJECT",
      "file.rows[4] NOT_AN_OBJECT",
    ]);
  });
});

describe("text files", () => {
  it("name every line that is not UTF-8, and are read on", async () => {
    const bytes = Buffer.concat([Buffer.from("text,label\nb"), Buffer.from([0xe9]), Buffer.from(",0\nä,1,2\n"), Buffer.from([0xff, 0x0a])]);
    const { faults } = await parse("CSV", bytes);
    expect(faults.map(({ field, reason }) => `${field} ${reason}`)).toEqual([
      "file.rows[2] NOT_UTF8",
      "file.rows[4] NOT_UTF8",
      "file.rows[3] FIELD_COUNT",
      "file.rows[4] FIELD_COUNT",
    ]);
  });

  it("say what to do when they are UTF-16", async () => {
    const { faults } = await parse("TSV", Buffer.from("\ufefftext\tlabel\na\t0\n", "utf16le"));
    expect(faults).toEqual([{ field: "file", reason: "NOT_UTF8", description: '"train.x" is UTF-16; save it as UTF-8' }]);
  });

  it.each(["CSV", "TSV", "JSONL", "PARQUET"] as const)("that are empty are a fault (%s)", async (format) => {
    expect((await parse(format, "")).faults).toEqual([
      { field: "file", reason: "EMPTY_FILE", description: '"train.x" is empty (0 bytes)' },
    ]);
    if (format !== "PARQUET") expect((await parse(format, "\n\n")).faults).toMatchObject([{ field: "file", reason: "EMPTY_FILE" }]);
  });

  it("with many faults list a hundred and count the rest", async () => {
    const { faults } = await parse("JSONL", "x\n".repeat(250));
    expect(faults).toHaveLength(101);
    expect(faults.at(-1)).toMatchObject({ reason: "MORE_FAULTS", description: "… and 150 more" });
  });
});

describe("Parquet", () => {
  const texts = ["good, very", "bäd 😀", 'a "quoted"\nline', "good, very"];

  it.each([
    ["snappy-int64", [0n, 1n, 1n, 0n]],
    ["zstd-int32", [0, 1, 1, 0]],
    ["gzip-double", [0, 1, 1, 0]],
    ["plain-float", [0, 1, 1, 0]],
    ["brotli-uint8", [0, 1, 1, 0]],
    ["lz4-string", ["0", "1", "1", "0"]],
    ["dictionary", ["0", "1", "1", "0"]],
    ["groups-v2", [0n, 1n, 1n, 0n]],
  ])("reads what pyarrow writes: %s", async (name, labels) => {
    expect(await parse("PARQUET", parquet(name))).toEqual({
      columns: ["text", "label"],
      rows: texts.map((text, index) => ({ number: index + 1, values: { text, label: labels[index] } })),
      faults: [],
    });
  });

  it("reads only the wanted columns, and still names all", async () => {
    const { columns, rows } = await parse("PARQUET", parquet("snappy-int64"), ["label", "other"]);
    expect(columns).toEqual(["text", "label"]);
    expect(rows[0]).toEqual({ number: 1, values: { label: 0n } });
  });

  it("reads a file that stands inside a larger buffer", async () => {
    const bytes = parquet("zstd-int32");
    const larger = Buffer.concat([Buffer.alloc(13), bytes, Buffer.alloc(5)]);
    expect((await parse("PARQUET", larger.subarray(13, 13 + bytes.length))).rows).toHaveLength(4);
  });

  it("that cannot be read is a fault", async () => {
    const bytes = parquet("zstd-int32");
    const damaged = Buffer.from(bytes).fill(0xab, 4, 60);
    for (const content of [Buffer.from("text,label\na,0\n"), bytes.subarray(0, 200), bytes.subarray(0, 5), damaged])
      expect((await parse("PARQUET", content)).faults).toMatchObject([{ field: "file", reason: "UNREADABLE_PARQUET" }]);
  });
});
