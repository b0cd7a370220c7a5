import { readFileSync, statSync } from "node:fs";
import type { FieldViolation } from "@stepwire/proto";
import { type Document, isAlias, isScalar, LineCounter, type Node, parseDocument, visit } from "yaml";
import { quote, quotePath } from "../mapping/quote.js";
import { isPlainObject } from "../mapping/struct.js";
import { StepwireError } from "../stepwireError.js";
import { decodeUtf8, notUtf8 } from "./decodeUtf8.js";

/** A file of keys and values, and where they stand. */
export interface YamlFile {
  content: Record<string, unknown>;
  /** What is wrong with the text and leaves the rest readable: a key that is there twice. */
  violations: FieldViolation[];
  /** The file and the line of what stands under these keys, or of what holds it where there is nothing. */
  place(keys: readonly (string | number)[]): string;
}

/** Declarations have some hundred lines. */
const mostBytes = 2 ** 20;
const mostAliases = 100;

/**
 * Reads YAML, of which JSON is a part.
 * @param flag of the command that named the file
 * @throws StepwireError INVALID_ARGUMENT with everything that is wrong with the text; fields begin with the file's name and line
 */
export function readYaml(path: string, flag: string): YamlFile {
  const text = readText(path, flag);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number | undefined) => (offset === undefined ? path : `${path}:${lines.linePos(offset).line}`);
  const fault = (offset: number | undefined, description: string) => ({ field: at(offset), reason: "INVALID_YAML", description });

  const repeated = document.errors.filter(({ code }) => code === "DUPLICATE_KEY");
  const broken = [...document.errors.filter(({ code }) => code !== "DUPLICATE_KEY"), ...document.warnings];
  const violations = [
    ...broken.map(({ code, message, pos }) => fault(pos[0], wordings[code] ?? firstLine(message))),
    ...nodeFaults(document).map(({ node, description }) => fault(node.range?.[0], description)),
  ];
  const repetitions = repeated.map(({ pos }) => {
    const key = /^[^:\s]*/.exec(text.slice(pos[0]))?.[0] ?? "";
    return fault(pos[0], `the key ${quote(key)} is here a second time; allowed: every key once`);
  });
  if (violations.length > 0) throw StepwireError.invalid([...violations, ...repetitions]);
  const content = plainContent(document, path);
  if (!isPlainObject(content))
    throw StepwireError.invalid([
      { field: path, reason: "WRONG_TYPE", description: `${quote(content)} is not a study: the top level has to be keys and values` },
    ]);
  return {
    content,
    violations: repetitions,
    place: (keys) => {
      for (let length = keys.length; length > 0; length--) {
        const node = document.getIn(keys.slice(0, length), true) as Partial<Node> | undefined;
        if (node?.range) return at(node.range[0]);
      }
      return path;
    },
  };
}

/** The library's words are for who calls it. */
const wordings: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: "a second document begins here; allowed: one a file",
};

function firstLine(message: string): string {
  return message.replace(/\.?\n.*/s, "");
}

/** What the parser takes, and reading would fail at or guess about. */
function nodeFaults(document: Document): { node: Node; description: string }[] {
  const found: { node: Node; description: string }[] = [];
  visit(document, {
    Alias: (_key, node, ancestors) => {
      const meant = node.resolve(document);
      if (!meant) found.push({ node, description: `there is no anchor &${node.source} before *${node.source}` });
      else if (ancestors.includes(meant)) found.push({ node, description: `*${node.source} stands inside of what it stands for` });
    },
    Pair: (_key, { key }) => {
      if (!isScalar(key) && !isAlias(key)) found.push({ node: key as Node, description: "a list or an object is no key; allowed: texts" });
    },
  });
  return found;
}

/** @throws StepwireError */
function plainContent(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: mostAliases });
  } catch (error) {
    // All that is left is aliases of aliases, which stand for more than memory holds.
    const why = error instanceof ReferenceError ? `its aliases stand for too much; allowed: ${mostAliases} nodes each` : String(error);
    throw StepwireError.invalid([{ field: path, reason: "INVALID_YAML", description: why }]);
  }
}

function readText(path: string, flag: string): string {
  const refuse = (reason: string, why: string, field = flag) =>
    StepwireError.invalid([{ field, reason, description: field === flag ? `${quotePath(path)} cannot be read: ${why}` : why }]);
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw refuse("NOT_FOUND", "there is no such file");
  if (found.isDirectory()) throw refuse("WRONG_TYPE", "it is a folder; allowed: a file of YAML");
  if (found.size > mostBytes) throw refuse("TOO_LARGE", `it has ${found.size} bytes; allowed: at most ${mostBytes}`);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw refuse("UNREADABLE", error instanceof Error ? error.message : String(error));
  }
  const text = decodeUtf8(bytes);
  if (text !== undefined) return text;
  // A line break is the same byte in UTF-8 and in what is mistaken for it.
  let [line, start] = [1, 0];
  for (let end = bytes.indexOf(10); end >= 0 && decodeUtf8(bytes.subarray(start, end)) !== undefined; end = bytes.indexOf(10, start)) {
    start = end + 1;
    line++;
  }
  throw refuse("INVALID_ENCODING", notUtf8, `${path}:${line}`);
}
