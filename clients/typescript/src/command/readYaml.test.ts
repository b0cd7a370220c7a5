import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StepwireError } from "../stepwireError.js";
import { readYaml } from "./readYaml.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-yaml-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function faultsOf(content: string | Uint8Array): Promise<string[]> {
  const path = join(folder, "study.yaml");
  await writeFile(path, content);
  try {
    return readYaml(path, "<file>").violations.map(({ field, description }) => `${field.slice(folder.length + 1)}: ${description}`);
  } catch (error) {
    const { code, violations } = error as StepwireError;
    expect(code).toBe("INVALID_ARGUMENT");
    return violations.map(({ field, description }) => `${field.replace(`${folder}/`, "")}: ${description.replace(`${folder}/`, "")}`);
  }
}

describe("a file of YAML", () => {
  const bomb = ["a", "b", "c", "d"].map((name, level) => {
    const [held] = ["x", "*a", "*b", "*c"].slice(level);
    return `${name}: &${name} [${Array.from({ length: 9 }, () => held).join(", ")}]`;
  });
  const cases: [what: string, content: string | Uint8Array, faults: string[]][] = [
    ["that is sound has no faults", "a: &x 1\nb: *x\n", []],
    ["that begins with a byte order mark has none either", "\uFEFFa: 1\n", []],
    ["with a key twice stays readable", "a: 1\nb: 2\na: 3\n", ['study.yaml:3: the key "a" is here a second time; allowed: every key once']],
    ["with broken syntax", "a: 1\n\tb: 2\n", ["study.yaml:2: Tabs are not allowed as indentation"]],
    ["with an alias of nothing", "a: 1\nb: *nope\n", ["study.yaml:2: there is no anchor &nope before *nope"]],
    ["with an alias inside of itself", "a: &x [*x]\n", ["study.yaml:1: *x stands inside of what it stands for"]],
    ["with aliases of aliases", [...bomb, "e: *d"].join("\n"), ["study.yaml: its aliases stand for too much; allowed: 100 nodes each"]],
    ["with a tag that is not known", 'a: 1\nb: !!js/function "x"\n', ["study.yaml:2: Unresolved tag: tag:yaml.org,2002:js/function"]],
    ["with two documents", "a: 1\n---\nb: 2\n", ["study.yaml:2: a second document begins here; allowed: one a file"]],
    ["with a list as a key", 'a: 1\n? ["x"]\n: 2\n', ["study.yaml:2: a list or an object is no key; allowed: texts"]],
    ["in another encoding", Buffer.from("a: 1\nb: caf\xe9\n", "latin1"), ["study.yaml:2: is not UTF-8; save the file in that encoding"]],
    ["that is no map", "- a\n", ["study.yaml: [ 'a' ] is not a study: the top level has to be keys and values"]],
    ["that is empty", "", ["study.yaml: null is not a study: the top level has to be keys and values"]],
    [
      "that is too large",
      `a: ${"x".repeat(2 ** 20)}`,
      ['<file>: "study.yaml" cannot be read: it has 1048579 bytes; allowed: at most 1048576'],
    ],
  ];
  for (const [what, content, faults] of cases) it(`read: ${what}`, async () => expect(await faultsOf(content)).toEqual(faults));

  it("is no folder", () => {
    expect(() => readYaml(folder, "<file>")).toThrow(/it is a folder; allowed: a file of YAML/);
  });

  it("says where something stands, and where what holds it does when it is not there", async () => {
    const path = join(folder, "study.yaml");
    await writeFile(path, "a: 1\nb:\n  - c: 1\n");
    const { place } = readYaml(path, "<file>");
    expect([place(["b", 0, "c"]), place(["b", 0, "d"]), place(["e"])]).toEqual([`${path}:3`, `${path}:3`, path]);
  });
});
