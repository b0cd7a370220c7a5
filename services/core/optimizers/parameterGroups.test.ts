import { describe, expect, it } from "vitest";
import { frozenFaults, matchesPattern, parameterGroups, unmatchedGroupFaults, withoutFrozen } from "./parameterGroups.js";

const parameters = [
  { name: "bert.embeddings.word_embeddings.weight", shape: [30, 4] },
  { name: "bert.encoder.layer.0.output.dense.weight", shape: [4, 4] },
  { name: "bert.encoder.layer.1.output.dense.weight", shape: [4, 4] },
  { name: "bert.encoder.layer.1.output.LayerNorm.bias", shape: [4] },
  { name: "classifier.weight", shape: [2, 4] },
];
const names = parameters.map(({ name }) => name);

describe("a group's pattern", () => {
  it.each([
    ["classifier.weight", "classifier.weight", true],
    ["classifier.weight", "classifier_weight", false],
    ["classifier", "classifier.weight", false],
    ["*", "", true],
    ["*", "anything", true],
    ["a*", "a", true],
    ["*a", "ba", true],
    ["*a", "ab", false],
    ["*.bias", "a.bias.bias", true],
    ["a*b*c", "a-b-b-c-c", true],
    ["a*b*c", "a-c-b", false],
    ["*ab*ab", "abab", true],
    ["*ab*ab", "aab", false],
    ["**", "x", true],
    ["", "", true],
    ["", "x", false],
    ["(.+)", "(.+)", true],
    ["[ab]", "a", false],
    ["a?", "ab", false],
  ])("%j on %j: %j", (pattern, name, matches) => expect(matchesPattern(pattern, name)).toBe(matches));

  it("agrees with a search over all ways to match, for every short text", () => {
    const texts = (letters: string, longest: number): string[] => {
      const all = [""];
      for (let begin = 0, length = 0; length < longest; length++) {
        const end = all.length;
        for (; begin < end; begin++) for (const letter of letters) all.push(`${all[begin]}${letter}`);
      }
      return all;
    };
    const search = (pattern: string, name: string): boolean => {
      if (pattern === "") return name === "";
      if (pattern[0] === "*") return search(pattern.slice(1), name) || (name !== "" && search(pattern, name.slice(1)));
      return pattern[0] === name[0] && search(pattern.slice(1), name.slice(1));
    };
    for (const pattern of texts("ab*", 5))
      for (const name of texts("ab", 5)) expect(matchesPattern(pattern, name), `${pattern} on ${name}`).toBe(search(pattern, name));
  });

  it("with a hundred stars takes no longer than the product of the lengths", () => {
    let reads = 0;
    // A text that counts how often it is looked at.
    const counted = new Proxy(new String("a".repeat(200)), {
      get: (target, key) => {
        if (typeof key === "string" && /^\d+$/.test(key)) reads++;
        return Reflect.get(target, key) as unknown;
      },
    }) as unknown as string;
    expect(matchesPattern(`${"*a".repeat(99)}*b`, counted)).toBe(false);
    expect(reads).toBeGreaterThan(100);
    expect(reads).toBeLessThan(200 * 200);
  });
});

describe("groups", () => {
  it("let the last that says something count, each setting for itself", () => {
    const groups = parameterGroups(parameters, [
      { pattern: "bert.*", learningRateScale: 0.5 },
      { pattern: "*.layer.1.*", learningRateScale: 0.25, decayed: false },
      { pattern: "*LayerNorm*", decayed: true },
    ]);
    expect(groups.map(({ learningRateScale, decayed }) => [learningRateScale, decayed])).toEqual([
      [0.5, 1],
      [0.5, 1],
      [0.25, 0],
      [0.25, 1],
      [1, 1],
    ]);
  });

  it("beyond the most are not looked at", () =>
    expect(
      unmatchedGroupFaults(
        Array.from({ length: 60_000 }, () => ({ pattern: "x" })),
        names,
        "groups",
      ),
    ).toHaveLength(32));

  it("that match nothing are named, with the nearest name or some", () =>
    expect(
      unmatchedGroupFaults([{ pattern: "clasifier.weight" }, { pattern: "bert.*" }, { pattern: "decoder.*" }], names, "groups"),
    ).toEqual([
      {
        field: "groups[0].pattern",
        reason: "NO_MATCH",
        description: '"clasifier.weight" matches no parameter of the model; did you mean "classifier.weight"?',
      },
      {
        field: "groups[2].pattern",
        reason: "NO_MATCH",
        description:
          '"decoder.*" matches no parameter of the model; its names are like "bert.embeddings.word_embeddings.weight", ' +
          '"bert.encoder.layer.1.output.dense.weight", "classifier.weight"',
      },
    ]));
});

describe("groups that freeze", () => {
  const freeze = (pattern: string) => ({ pattern, learningRateScale: 0 });

  it("leave the rest, in order", () =>
    expect(withoutFrozen(parameters, [freeze("bert.encoder.*"), { pattern: "*.bias", decayed: true }]).map(({ name }) => name)).toEqual([
      "bert.embeddings.word_embeddings.weight",
      "classifier.weight",
    ]));

  it("are undone by a later one that says otherwise", () =>
    expect(withoutFrozen(parameters, [freeze("*"), { pattern: "classifier.*", learningRateScale: 1 }]).map(({ name }) => name)).toEqual([
      "classifier.weight",
    ]));

  it("must leave something", () => {
    expect(frozenFaults([freeze("bert.*")], parameters, "groups")).toEqual([]);
    expect(frozenFaults([freeze("bert.*"), freeze("classifier.*")], parameters, "groups")).toEqual([
      {
        field: "groups",
        reason: "NOTHING_TRAINED",
        description: "freeze all 5 parameters that would be trained; at least one needs a learning_rate_scale above 0",
      },
    ]);
  });
});
