import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { buildInMemory, columns, file, good, jsonl, lines } from "./testdata/tables.js";

describe("a row", () => {
  it("names everything that is wrong with the rows at once", async () => {
    const rows = [
      ...good,
      { text: " ", label: 0 },
      { text: 7, label: 0 },
      { label: 0 },
      { text: "x".repeat(50_001), label: 0 },
      { text: "a" },
      { text: "a", label: " " },
      { text: "a", label: 0.5 },
      { text: "a", label: "3.25" },
      { text: null, label: [1] },
      { text: "😀".repeat(50_000), label: 1 },
      { text: "\ud800", label: 1 },
      { text: "a", label: 2 ** 60 },
    ];
    const { dataset, faults } = await buildInMemory({ files: [jsonl("train", rows)], columns });
    expect(dataset).toBeUndefined();
    expect(lines(faults)).toEqual([
      "files[0].rows[3].text EMPTY_TEXT",
      "files[0].rows[4].text NOT_A_TEXT",
      "files[0].rows[5].text MISSING_TEXT",
      "files[0].rows[6].text TEXT_TOO_LONG",
      "files[0].rows[7].label MISSING_LABEL",
      "files[0].rows[8].label MISSING_LABEL",
      "files[0].rows[9].label NOT_A_CLASS",
      "files[0].rows[10].label NOT_A_CLASS",
      "files[0].rows[11].text MISSING_TEXT",
      "files[0].rows[11].label NOT_A_LABEL",
      "files[0].rows[13].text NOT_UNICODE",
      "files[0].rows[14].label NOT_EXACT",
    ]);
    expect(faults[3]?.description).toBe(
      `"train.x", row 6: "text" has 50001 characters, of at most 50000: "${"x".repeat(80)}…" (50001 characters)`,
    );
    expect(faults[6]?.description).toContain('"label" (0.5) is not a whole number, so the column is probably a regression target');
  });

  it("is refused with a value however deep", async () => {
    const deep = `{"text":${"[".repeat(500_000)}${"]".repeat(500_000)},"label":0}`;
    const { faults } = await buildInMemory({ files: [file("train", "JSONL", deep)], columns });
    expect(lines(faults)).toEqual(["files[0].rows[1].text NOT_A_TEXT"]);
  });

  it("reports nulls and bytes that are not UTF-8 in Parquet by row", async () => {
    const read = (name: string) => file("train", "PARQUET", readFileSync(new URL(`./testdata/${name}.parquet`, import.meta.url)));
    expect(lines((await buildInMemory({ files: [read("nulls")], columns })).faults)).toEqual([
      "files[0].rows[2].text MISSING_TEXT",
      "files[0].rows[3].label MISSING_LABEL",
    ]);
    expect(lines((await buildInMemory({ files: [read("not-utf8")], columns })).faults)).toEqual([
      "files[0].rows[2].text NOT_UTF8",
      "files[0].rows[4].text NOT_UTF8",
    ]);
  });
});
