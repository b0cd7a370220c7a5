import { describe, expect, test } from "vitest";
import { nearest } from "./nearest.js";

describe("nearest", () => {
  const names = ["adam", "adamw", "rmsprop", "sgd"];
  test("finds a name with a typing mistake", () => {
    expect(nearest("admaw", names)).toBe("adamw");
    expect(nearest("rmspropp", names)).toBe("rmsprop");
    expect(nearest("learning_rat", ["learning_rate", "momentum"])).toBe("learning_rate");
  });
  test("ignores letter case", () => expect(nearest("AdamW", names)).toBe("adamw"));
  test("says nothing when nothing is near", () => {
    expect(nearest("zzz", names)).toBeUndefined();
    expect(nearest("shampoo", names)).toBeUndefined();
    expect(nearest("", names)).toBeUndefined();
    expect(nearest("adam", [])).toBeUndefined();
  });
});
