import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { buildInMemory, columns, file, good, jsonl, lines } from "./testdata/tables.js";

describe("the rules of a data set", () => {
  it("gives the same digest for the same rows in every format", async () => {
    const texts = ["good, very", "bäd 😀", 'a "quoted" one', " spaced "];
    const labels = [0, 1, 1, 0];
    const csv = `text,label\n${texts.map((text, row) => `"${text.replaceAll('"', '""')}",${labels[row]?.toFixed(1)}`).join("\n")}`;
    const tsv = `label\ttext\n${texts.map((text, row) => `${labels[row]}\t${text}`).join("\n")}`;
    const parquet = parquetWriteBuffer({
      columnData: [
        { name: "text", data: texts, type: "STRING" },
        { name: "label", data: labels.map(BigInt), type: "INT64" },
      ],
    });
    const files = [
      file("train", "CSV", csv),
      file("train", "TSV", tsv),
      jsonl(
        "train",
        texts.map((text, row) => ({ label: labels[row], other: 1, text })),
      ),
      file("train", "PARQUET", new Uint8Array(parquet)),
    ];
    const results = await Promise.all(files.map((one) => buildInMemory({ files: [one], columns })));
    for (const { dataset, faults } of results) {
      expect(faults).toEqual([]);
      expect(dataset).toEqual(results[0]?.dataset);
    }
    expect(results[0]?.dataset).toMatchObject({ classes: ["0", "1"], splits: [{ name: "train", classCounts: [2, 2], duplicates: 0 }] });
    // sha256sum of the four lines {"text":"good, very","label":"0"} and so on.
    expect(results[0]?.dataset?.splits[0]?.digest).toBe("1a8279229879a8f694c7c3dcd4601500cc7305da05d5ce98c7b419581230ed73");
  });

  it("sorts classes by number when all are whole numbers, by code point otherwise", async () => {
    const classes = async (labels: unknown[]) =>
      (
        await buildInMemory({
          files: [
            jsonl(
              "train",
              labels.map((label) => ({ text: "a", label })),
            ),
          ],
          columns,
        })
      ).dataset?.classes;
    expect(await classes([10, "9", -1, " 2 ", 9.0, "2.0"])).toEqual(["-1", "2", "9", "10"]);
    expect(await classes(["b", "B", "10", "😀", "ﬀ", true])).toEqual(["10", "B", "b", "true", "ﬀ", "😀"]);
  });

  it("keeps pairs, and counts rows that stand twice", async () => {
    const rows = [
      { a: "x", b: "y", label: "no" },
      { a: "x", b: "y", label: "yes" },
      { a: "xy", b: "", label: "yes" },
    ];
    const at = { text: "a", textPair: "b", label: "label" };
    expect(lines((await buildInMemory({ files: [jsonl("train", rows)], columns: at })).faults)).toEqual([
      "files[0].rows[3].text_pair EMPTY_TEXT",
    ]);
    const { dataset, warnings } = await buildInMemory({ files: [jsonl("train", rows.slice(0, 2))], columns: at });
    expect(dataset?.splits[0]).toMatchObject({
      duplicates: 2,
      examples: [
        { text: "x", textPair: "y", label: 0 },
        { text: "x", textPair: "y", label: 1 },
      ],
    });
    expect(warnings).toEqual(['2 rows of the split "train" have a text that stands in it more than once']);
  });

  it("names a missing column, those present and the nearest", async () => {
    const { faults } = await buildInMemory({ files: [file("train", "CSV", "txt,labels,id\na,0,1\n")], columns });
    expect(faults).toEqual([
      {
        field: "header.columns.text",
        reason: "MISSING_COLUMN",
        description: '"train.x" has no column "text"; it has "txt", "labels", "id"; did you mean "txt"?',
      },
      {
        field: "header.columns.label",
        reason: "MISSING_COLUMN",
        description: '"train.x" has no column "label"; it has "txt", "labels", "id"; did you mean "labels"?',
      },
    ]);
  });

  it("does not take an object's inherited names for columns", async () => {
    const { faults } = await buildInMemory({ files: [jsonl("train", good)], columns: { text: "constructor", label: "label" } });
    expect(lines(faults)).toEqual(["header.columns.text MISSING_COLUMN"]);
  });

  it("refuses split names that are used twice or no names, and files without rows", async () => {
    const files = [jsonl("train", good), jsonl("train", good), jsonl("Dev", good), file("test", "CSV", "text,label\n")];
    expect(lines((await buildInMemory({ files, columns })).faults)).toEqual([
      "files[1].split DUPLICATE_SPLIT",
      "files[2].split INVALID_NAME",
      "files[3] EMPTY_SPLIT",
    ]);
    expect(lines((await buildInMemory({ files: [], columns })).faults)).toContain("files REQUIRED");
  });

  it("refuses one column for two purposes", async () => {
    const { faults } = await buildInMemory({ files: [jsonl("train", good)], columns: { text: "text", label: "text" } });
    expect(lines(faults)).toContain("header.columns.label CONFLICT");
  });

  it("refuses fewer than two classes, quoting the only one", async () => {
    const { faults } = await buildInMemory({ files: [jsonl("train", [{ text: "a", label: -1 }])], columns });
    expect(faults).toEqual([
      {
        field: "header.columns.label",
        reason: "TOO_FEW_CLASSES",
        description: '"label" names 1 class, "-1"; a classification needs two or more',
      },
    ]);
  });

  it("refuses a label that stands in one split only, saying which and how often", async () => {
    const test = [...good, { text: "c", label: 2 }, { text: "d", label: 2 }];
    expect((await buildInMemory({ files: [jsonl("train", good), jsonl("test", test)], columns })).faults).toEqual([
      {
        field: "files[1]",
        reason: "LABEL_IN_ONE_SPLIT",
        description: 'the label "2" stands in the split "test" only (2 rows); every label must stand in two splits or more',
      },
    ]);
  });

  it("lists a hundred faults over all files and counts the rest", async () => {
    const rows = Array.from({ length: 80 }, () => ({ text: "", label: 0 }));
    const { faults } = await buildInMemory({ files: [jsonl("train", rows), jsonl("test", rows)], columns });
    expect(faults).toHaveLength(101);
    expect(faults[100]?.description).toBe("… and 60 more");
    expect(faults[99]?.field).toBe("files[1].rows[20].text");
  });
});
