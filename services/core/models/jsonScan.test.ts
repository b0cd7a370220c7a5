import { assert, json, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonExcess, repeatedKey } from "./jsonScan.js";

const bytes = (text: string) => new TextEncoder().encode(text);
const limits = { depth: 3, containers: 5 };

describe("a look through JSON before it is parsed", () => {
  it("counts nesting and containers outside strings only", () => {
    expect(jsonExcess(bytes('{"a[[[[\\"[[": [[1]], "b": "}}]]"}'), limits)).toBeUndefined();
    expect(jsonExcess(bytes("[[[[]]]]"), limits)).toBe("nests deeper than 3");
    expect(jsonExcess(bytes("[[],[],[],[],[]]"), limits)).toBe("has more than 5 lists and objects");
  });

  it("is quick with a text of brackets that would take a parser most of a gigabyte", () => {
    expect(jsonExcess(new Uint8Array(32_000_000).fill(0x5b), limits)).toBe("nests deeper than 3");
  });

  it("names a key that stands twice in one object, however it is written", () => {
    expect(repeatedKey(bytes('{"a": {"b": 1}, "b": ["a"], "c": "a"}'))).toBeUndefined();
    expect(repeatedKey(bytes('{"a" : 1, "\\u0061": 2}'))).toBe("a");
    expect(repeatedKey(bytes('[{"x": {"k": 1, "k": 1}}]'))).toBe("k");
  });

  it("finds no repetition in what JSON.stringify wrote", () => {
    assert(property(json(), (text) => repeatedKey(bytes(JSON.stringify(JSON.parse(text)))) === undefined));
  });
});
