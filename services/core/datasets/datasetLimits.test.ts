import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { datasetLimits } from "./datasetLimits.js";
import { buildInMemory, columns, file, good, jsonl, lines } from "./testdata/tables.js";

const classes = (count: number) => Array.from({ length: count }, (_, label) => ({ text: `text ${label}`, label: `label ${label}` }));

describe("the limits of a data set", () => {
  it("allow so many classes, and name the first one too many", async () => {
    const { dataset } = await buildInMemory({ files: [jsonl("train", classes(datasetLimits.classes))], columns });
    expect(dataset?.classes).toHaveLength(256);
    const { faults } = await buildInMemory({ files: [jsonl("train", classes(5000))], columns });
    expect(faults).toEqual([
      {
        field: "header.columns.label",
        reason: "TOO_MANY_CLASSES",
        description:
          '"label" names more than 256 classes, the most a data set may have; "label 256" is one too many. Is it the column of the labels?',
      },
    ]);
  });

  it("allow so long a label, in characters", async () => {
    const label = "😀".repeat(datasetLimits.labelCharacters);
    expect((await buildInMemory({ files: [jsonl("train", [...good, { text: "c", label }])], columns })).faults).toEqual([]);
    const { faults } = await buildInMemory({ files: [jsonl("train", [...good, { text: "c", label: `${label}x` }])], columns });
    expect(lines(faults)).toEqual(["files[0].rows[3].label LABEL_TOO_LONG"]);
    expect(faults[0]?.description).toContain("has 101 characters, of at most 100");
  });

  it("allow so many files and so long names of columns", async () => {
    const files = Array.from({ length: 17 }, (_, index) => jsonl(`split${index}`, good));
    expect((await buildInMemory({ files: files.slice(0, 16), columns })).faults).toEqual([]);
    expect(lines((await buildInMemory({ files, columns })).faults)).toEqual(["files TOO_MANY_FILES"]);
    const name = "c".repeat(datasetLimits.columnNameCharacters);
    const named = (text: string) =>
      buildInMemory({
        files: [
          jsonl(
            "train",
            good.map((row) => ({ ...row, [text]: "a" })),
          ),
        ],
        columns: { ...columns, text },
      });
    expect((await named(name)).faults).toEqual([]);
    expect(lines((await named(`${name}c`)).faults)).toEqual(["header.columns.text TOO_LONG"]);
  });

  it("allow so many rows in all splits together, and stop reading there", async () => {
    const rows = (count: number) => Array.from({ length: count }, (_, row) => ({ text: `text ${row}`, label: row % 2 }));
    const faultsOf = async (first: number, second: number) => {
      const files = [jsonl("train", rows(first)), jsonl("test", rows(second)), file("x", "CSV", "")];
      return lines((await buildInMemory({ files, columns, maxRows: 1000 })).faults);
    };
    expect(await faultsOf(600, 400)).toEqual(["files[2] EMPTY_FILE"]);
    expect(await faultsOf(600, 401)).toEqual(["files TOO_MANY_ROWS"]);
  });

  it("allow so many columns in a file", async () => {
    const wide = (count: number) => ["text", "label", ...Array.from({ length: count - 2 }, (_, index) => `c${index}`)].join(",");
    const row = (count: number, label: number) => ["a", label, ...Array.from({ length: count - 2 }, () => "")].join(",");
    const table = (count: number) => file("train", "CSV", [wide(count), row(count, 0), row(count, 1)].join("\n"));
    expect((await buildInMemory({ files: [table(datasetLimits.columns)], columns })).faults).toEqual([]);
    expect(lines((await buildInMemory({ files: [table(datasetLimits.columns + 1)], columns })).faults)).toEqual([
      "files[0] TOO_MANY_COLUMNS",
    ]);
  });
});

describe("Parquet", () => {
  it("is read window by window, over row groups, with the numbers of the rows", async () => {
    const rows = 45_000;
    const data = Array.from({ length: rows }, (_, index) => (index === 31_234 ? "" : `text ${index}`));
    const bytes = parquetWriteBuffer({
      columnData: [
        { name: "text", data, type: "STRING" },
        { name: "label", data: data.map((_, index) => index % 2), type: "INT32" },
      ],
      rowGroupSize: 25_000,
    });
    const parquet = (content: ArrayBuffer) => buildInMemory({ files: [file("train", "PARQUET", new Uint8Array(content))], columns });
    expect(lines((await parquet(bytes)).faults)).toEqual(["files[0].rows[31235].text EMPTY_TEXT"]);
    data[31_234] = "fine";
    const { dataset } = await parquet(
      parquetWriteBuffer({
        columnData: [
          { name: "text", data, type: "STRING" },
          { name: "label", data: data.map((_, index) => index % 2), type: "INT32" },
        ],
        rowGroupSize: 25_000,
      }),
    );
    expect(dataset?.splits[0]?.examples.map(({ text }) => text)).toEqual(data);
  });

  it("with lists for texts is refused by column", async () => {
    const bytes = parquetWriteBuffer({
      columnData: [
        { name: "text", data: [["a"], ["b"]] },
        { name: "label", data: [0, 1] },
      ],
      schema: [
        { name: "root", num_children: 2 },
        { name: "text", repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" },
        { name: "list", repetition_type: "REPEATED", num_children: 1 },
        { name: "element", type: "BYTE_ARRAY", repetition_type: "OPTIONAL", converted_type: "UTF8" },
        { name: "label", type: "INT32", repetition_type: "REQUIRED" },
      ],
    });
    const { faults } = await buildInMemory({ files: [file("train", "PARQUET", new Uint8Array(bytes))], columns });
    expect(lines(faults)).toEqual(["files[0] NESTED_COLUMN"]);
  });
});
