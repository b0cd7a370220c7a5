import { describe, expect, it } from "vitest";
import { table } from "./format.js";
import { hanging } from "./hanging.js";

describe("hanging", () => {
  it("wraps between words, below the beginning of the text, and leaves the last column free", () => {
    expect(hanging("source  ", "one two three four five six seven eight nine", 40)).toBe(
      "source  one two three four five six\n        seven eight nine",
    );
    const words = "word ".repeat(200).trim();
    for (const columns of [38, 80, 200])
      for (const line of hanging("source  ", words, columns).split("\n")) expect(line.length).toBeLessThan(columns);
  });

  it("moves to the left where the label leaves too little", () => {
    expect(hanging("a long label  ", "one two three", 20)).toBe("a long label  one\n  two three");
    expect(hanging("a very long label  ", "one two", 12)).toBe("a very long label\n  one two");
  });

  it("cuts no word, and keeps the spaces within a line", () => {
    expect(hanging("", `a ${"x".repeat(50)} b`, 40)).toBe(`a\n${"x".repeat(50)}\nb`);
    expect(hanging("", "a  b", 40)).toBe("a  b");
    expect(hanging("label  ", "", 40)).toBe("label");
  });

  it("is one line where there is no terminal", () => {
    const words = "word ".repeat(1000).trim();
    expect(hanging("label ", words, Infinity)).toBe(`label ${words}`);
  });
});

it("a table's last column is wrapped below its heading", () => {
  const rows = [
    ["NAME", "DESCRIPTION"],
    ["adamw", "Adam with decoupled weight decay."],
  ];
  expect(table(rows, 38)).toBe("NAME   DESCRIPTION\nadamw  Adam with decoupled weight\n       decay.");
  expect(table(rows)).toBe("NAME   DESCRIPTION\nadamw  Adam with decoupled weight decay.");
});
