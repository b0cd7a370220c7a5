import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { decodeExamples, encodeExamples } from "./encodeExamples.js";
import type { TableFile } from "./parseTable.js";
import { buildInMemory, inMemory } from "./testdata/tables.js";

const columns = { text: "text", label: "label" };

function file(format: TableFile["format"], content: string | Uint8Array, split = "train"): TableFile & { split: string } {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return { split, format, filename: `${split}.${format.toLowerCase()}`, content: inMemory(bytes) };
}

const build = (...files: (TableFile & { split: string })[]) => buildInMemory({ files, columns });

/** Every description, with its field. */
async function faultsOf(...files: (TableFile & { split: string })[]): Promise<string[]> {
  const { dataset, faults } = await build(...files);
  expect(dataset).toBeUndefined();
  return faults.map(({ field, description }) => `${field}: ${description}`);
}

describe("a data set", () => {
  const texts = ["crème brûlée, twice", 'she said "no"', "zwei\nZeilen", "日本語 🙂"];
  const labels = ["0", "1", "0", "1"];
  const csv = `text,label\r\n"crème brûlée, twice",0\r\n"she said ""no""",1\r\n"zwei\nZeilen",0\r\n日本語 🙂,1\r\n`;
  const jsonl = texts.map((text, index) => JSON.stringify({ text, label: Number(labels[index]) })).join("\n");
  const parquet = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "text", data: texts, type: "STRING" },
        { name: "label", data: labels.map(BigInt), type: "INT64" },
      ],
    }),
  );

  it("is the same, to the digest, from CSV with quoted fields, JSON Lines and Parquet, with or without a byte order mark", async () => {
    const found = await Promise.all([
      build(file("CSV", csv)),
      build(file("CSV", `\u{feff}${csv}`)),
      build(file("JSONL", jsonl)),
      build(file("PARQUET", parquet)),
    ]);
    expect(found.map(({ faults }) => faults)).toEqual([[], [], [], []]);
    expect(new Set(found.map(({ dataset }) => dataset?.digest)).size).toBe(1);
    expect(found[0]?.dataset?.classes).toEqual(["0", "1"]);
    expect(found[0]?.dataset?.splits[0]?.examples.map(({ text }) => text)).toEqual(texts);
  });

  it("takes TSV as it stands: quotes are characters", async () => {
    const { dataset } = await build(file("TSV", 'text\tlabel\n" a stray quote\tx\nit \'s "fine"\ty\n'));
    expect(dataset?.splits[0]?.examples.map(({ text }) => text)).toEqual(['" a stray quote', 'it \'s "fine"']);
  });

  it("sorts number labels as numbers and counts its classes, and takes text labels", async () => {
    const { dataset } = await build(file("CSV", "text,label\na,10\nb,9\nc,10\nd,2\n"));
    expect(dataset?.classes).toEqual(["2", "9", "10"]);
    expect(dataset?.splits[0]?.classCounts).toEqual([1, 1, 2]);
    const named = await build(file("CSV", "text,label\na,late\nb,early\n"));
    expect(named.dataset?.classes).toEqual(["early", "late"]);
  });

  it("survives being stored and read again", async () => {
    const { dataset } = await build(file("CSV", csv));
    const examples = dataset?.splits[0]?.examples ?? [];
    expect(decodeExamples(encodeExamples(examples))).toEqual(examples);
  });

  it("warns of texts that stand in two splits", async () => {
    const { dataset, warnings } = await build(file("CSV", "text,label\nsame,a\nb,b\n"), file("CSV", "text,label\nsame,a\nc,b\n", "test"));
    expect(dataset).toBeDefined();
    expect(warnings.join()).toMatch(/"test" has a text .*"train"/);
  });
});

describe("what is wrong with a data set is said with its row", () => {
  it("a missing column, with those there are", async () => {
    expect((await faultsOf(file("CSV", "txt,label\na,b\n"))).join()).toMatch(/"text".*"txt"/s);
  });

  it("an empty file, and a file with nothing but a header", async () => {
    for (const content of ["", "text,label\n"]) expect((await faultsOf(file("CSV", content))).join()).toContain("empty");
  });

  it("every bad row at once", async () => {
    const faults = await faultsOf(file("CSV", `text,label\n,a\nfine,\n${"x".repeat(50_001)},b\nok,b\n`));
    expect(faults).toHaveLength(3);
    expect(faults.join("\n")).toMatch(/row 2[\s\S]*row 3[\s\S]*row 4/);
    expect(faults.join("\n")).toContain("50001");
  });

  it("lines that are no JSON objects, bytes that are no UTF-8, and a Parquet file that is none", async () => {
    expect((await faultsOf(file("JSONL", '{"text":"a","label":1}\nnot json\n[1]\n'))).join("\n")).toMatch(/row 2[\s\S]*row 3/);
    expect((await faultsOf(file("CSV", new Uint8Array([0x74, 0xff, 0xfe, 0x0a])))).join()).toMatch(/UTF-8/);
    expect(await faultsOf(file("PARQUET", "PAR1 is how it starts"))).toHaveLength(1);
  });

  it("labels that are measurements, a single class, a label that only one of several splits has", async () => {
    expect((await faultsOf(file("CSV", "text,label\na,0.5\nb,1\n"))).join()).toContain("0.5");
    expect((await faultsOf(file("CSV", "text,label\na,x\nb,x\n"))).join()).toMatch(/class/);
    const faults = await faultsOf(file("CSV", "text,label\na,x\nb,y\n"), file("CSV", "text,label\nc,x\nd,z\n", "test"));
    expect(faults.join()).toContain('"z"');
    expect(faults.join()).toContain('"y"');
  });

  it("at most a hundred faults, and how many more there are", async () => {
    const rows = Array.from({ length: 250 }, () => ",a").join("\n");
    const faults = await faultsOf(file("CSV", `text,label\n${rows}\n`));
    expect(faults).toHaveLength(101);
    expect(faults.at(-1)).toContain("150 more");
  });
});
