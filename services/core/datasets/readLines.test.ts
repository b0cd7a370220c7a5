import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { datasetLimits } from "./datasetLimits.js";
import { collectFaults } from "./faultCollector.js";
import { type Line, readLines } from "./readLines.js";
import { inMemory } from "./testdata/tables.js";

async function read(content: string | Uint8Array, pieceBytes?: number) {
  const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
  const faults = collectFaults();
  const lines: Line[] = [];
  const source = { content: inMemory(bytes), filename: "x", field: "files[0]", faults };
  for await (const some of readLines(source, pieceBytes)) lines.push(...some);
  return { lines, faults: faults.list() };
}
const texts = async (content: string, pieceBytes?: number) => (await read(content, pieceBytes)).lines.map(({ text }) => text);

describe("the lines of a file", () => {
  it("end with LF, CRLF, or, where the first one does, with CR", async () => {
    expect(await texts("a\nb\r\nc\rd\n\ne")).toEqual(["a", "b", "c\rd", "", "e"]);
    expect(await texts("a\rb\r\nc\nd\r\re")).toEqual(["a", "b", "c", "d", "", "e"]);
    expect(await texts("a\r\nb\rc")).toEqual(["a", "b\rc"]);
    expect(await texts("a\r")).toEqual(["a"]);
    expect(await texts("")).toEqual([]);
  });

  it("are the same however the file is cut into pieces", async () => {
    const part = fc.constantFrom("a", "é", "😀", "\ufeff", "\r", "\n", "\r\n", '"', ",");
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 60 }), fc.integer({ min: 3, max: 9 }), async (parts, pieceBytes) => {
        const content = parts.join("");
        const whole = await read(content);
        expect(await read(content, pieceBytes)).toEqual(whole);
        expect(whole.lines.map(({ number }) => number)).toEqual(whole.lines.map((_, index) => index + 1));
        expect(whole.lines.map(({ text, ending }) => text + ending).join("")).toBe(content.replace(/^\ufeff/, ""));
      }),
      { numRuns: 500 },
    );
  });

  it("that are longer than a row may be are faults, and the others keep their numbers", async () => {
    const long = "x".repeat(datasetLimits.rowBytes + 1);
    for (const ending of ["\n", "\r\n", "\r"]) {
      const { lines, faults } = await read(["a", long, "b", `é${long}`, "c"].join(ending));
      expect(lines.map(({ number, text }) => `${number} ${text}`)).toEqual(["1 a", "3 b", "5 c"]);
      expect(faults.map(({ field, reason }) => `${field} ${reason}`)).toEqual([
        "files[0].rows[2] ROW_TOO_LONG",
        "files[0].rows[4] ROW_TOO_LONG",
      ]);
    }
    expect((await read("x".repeat(datasetLimits.rowBytes))).faults).toEqual([]);
    expect((await read(`a\n${"y".repeat(20_000_000)}`)).faults).toHaveLength(1);
  });

  it("that are not UTF-8 are faults by line, also with CR and over pieces", async () => {
    const bytes = Buffer.concat([Buffer.from("a\r"), Buffer.from([0xc3]), Buffer.from("\rb\r"), Buffer.from([0xff, 0x0d])]);
    for (const pieceBytes of [3, 100]) {
      const { lines, faults } = await read(bytes, pieceBytes);
      expect(faults.map(({ field }) => field)).toEqual(["files[0].rows[2]", "files[0].rows[4]"]);
      expect(lines.map(({ text }) => text)).toEqual(["a", "\ufffd", "b", "\ufffd"]);
    }
  });
});
