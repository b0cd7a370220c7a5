import { assert, jsonValue, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSafetensorsHeader, readHeaderLength } from "./safetensorsHeader.js";

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const two = { a: { dtype: "F32", shape: [2, 3], data_offsets: [0, 24] }, b: { dtype: "I64", shape: [1], data_offsets: [24, 32] } };
const descriptions = (header: unknown, data = 32) =>
  parseSafetensorsHeader(bytes(header), 8 + bytes(header).length + data, "model").faults.map(({ description }) => description);

describe("a safetensors header", () => {
  it("gives each tensor's place in the file", () => {
    const header = bytes({ __metadata__: { format: "pt" }, ...two });
    const { tensors, faults } = parseSafetensorsHeader(header, 8 + header.length + 32, "model");
    expect(faults).toEqual([]);
    expect(tensors?.get("b")).toEqual({ dtype: "I64", shape: [1], begin: 8 + header.length + 24, end: 8 + header.length + 32 });
  });

  it.each([
    ["a truncated file", two, 31, /"b" ends at byte \d+, the file has \d+: it is truncated/],
    ["bytes behind the last tensor", two, 33, /has 1 bytes after its last tensor/],
    ["an unknown type", { a: { dtype: "F31", shape: [8], data_offsets: [0, 32] } }, 32, /"a" has dtype "F31"; allowed: BOOL, /],
    ["a shape that does not fit", { a: { dtype: "F32", shape: [9], data_offsets: [0, 32] } }, 32, /its shape \[9\] of F32 needs 36 bytes/],
    ["a negative size", { a: { dtype: "F32", shape: [-8], data_offsets: [0, 32] } }, 32, /has shape \[-8\]/],
    ["overlapping tensors", { a: two.a, b: { dtype: "I64", shape: [2], data_offsets: [16, 32] } }, 32, /"b" overlaps tensor "a"/],
    [
      "a hole",
      { a: two.a, b: { dtype: "U8", shape: [4], data_offsets: [28, 32] } },
      32,
      /bytes \d+ to \d+, after tensor "a", belong to no tensor/,
    ],
  ])("refuses %s", (_, header, data, message) => {
    expect(descriptions(header, data)).toEqual([expect.stringMatching(message)]);
  });

  it.each([
    [
      "negative offsets",
      { a: { dtype: "F32", shape: [2], data_offsets: [-8, 0] } },
      /"a" has data_offsets \[-8, 0\]; allowed: two whole numbers/,
    ],
    ["offsets beyond what a number holds", { a: { dtype: "F32", shape: [2], data_offsets: [0, 2 ** 60] } }, /two whole numbers/],
    ["a type that every object has", { a: { dtype: "constructor", shape: [2], data_offsets: [0, 8] } }, /has dtype "constructor"/],
    ["nesting that no header has", { a: [[[[[]]]]] }, /its header nests deeper than 4/],
  ])("refuses %s", (_, header, message) => {
    expect(descriptions(header)).toEqual([expect.stringMatching(message)]);
  });

  it("refuses a name that stands twice", () => {
    const text = '{"a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}, "a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}';
    const header = new TextEncoder().encode(text);
    expect(parseSafetensorsHeader(header, 8 + header.length + 1, "model").faults[0]?.description).toContain('its header has "a" twice');
  });

  it("names the first of very many faults, and is quick about as many tensors as a header may hold", () => {
    const broken = Object.fromEntries(
      Array.from({ length: 90_000 }, (_, index) => [`t${index}`, { dtype: "F32", shape: [1], data_offsets: [0, 4] }]),
    );
    expect(descriptions(broken, 4)).toHaveLength(20);
    expect(descriptions({ ["x".repeat(100_000)]: 1 })[0]?.length).toBeLessThan(200);
    expect(descriptions(Object.fromEntries(Array.from({ length: 310_000 }, (_, index) => [index, []])))[0]).toContain(
      "300000 lists and objects",
    );
  });

  it("never tells what is in a file that is not safetensors", () => {
    const secret = new TextEncoder().encode("root:x:0:0:secret");
    expect(parseSafetensorsHeader(secret, 8 + secret.length, "model").faults[0]?.description).toBe(
      "model.safetensors is corrupt: its header is not JSON",
    );
  });

  it("refuses what is not JSON", () => {
    expect(parseSafetensorsHeader(new Uint8Array([123, 255]), 10, "model").faults[0]?.description).toContain("its header is not JSON");
  });

  it("is never longer than the file", () => {
    const prefix = new Uint8Array(8);
    new DataView(prefix.buffer).setBigUint64(0, 1000n, true);
    expect(readHeaderLength(prefix, 1008, "model").headerBytes).toBe(1000);
    expect(readHeaderLength(prefix, 1007, "model").faults[0]?.description).toContain(
      "is truncated: the header needs 1008 bytes, the file has 1007",
    );
    expect(readHeaderLength(new Uint8Array(3), 3, "model").faults[0]?.description).toContain("too few");
    expect(readHeaderLength(new Uint8Array(8).fill(255), 2000, "model").faults[0]?.description).toContain("it is not a safetensors file");
  });

  it("answers any JSON with tensors or faults, never an exception", () => {
    assert(
      property(jsonValue(), (json) => {
        const { tensors, faults } = parseSafetensorsHeader(bytes(json), 8 + bytes(json).length, "model");
        expect(tensors === undefined).toBe(faults.length > 0);
      }),
    );
  });
});
