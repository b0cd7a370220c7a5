import { statSync } from "node:fs";
import type { FieldViolation } from "@stepwire/proto";
import { quote, quotePath } from "../mapping/quote.js";
import { isPlainObject } from "../mapping/struct.js";
import { StepwireError } from "../stepwireError.js";
import { notUtf8 } from "./decodeUtf8.js";
import type { Output } from "./output.js";
import { readLines } from "./readLines.js";

/** A file with a prediction a line. */
export interface PredictionsFile {
  path: string;
  /** From its beginning; a line that is no object is `undefined`. Rows are checked one by one when they are sent. */
  rows(): AsyncIterable<unknown>;
  /** Faults of rows with the file and the line; those of lines that are no objects in the words of the file. */
  placed(faults: readonly FieldViolation[]): FieldViolation[];
  /** The first 100 lines that are no objects. */
  unreadableLines(): Promise<FieldViolation[]>;
}

const most = { violations: 100 };
const progressRows = 50_000;

/** @throws StepwireError when it cannot be read */
export function openPredictionsFile(path: string, output: Output): PredictionsFile {
  const refuse = (reason: string, why: string) => {
    const description = `${quotePath(path)} cannot be read: ${why}; allowed: a file of JSON Lines`;
    return StepwireError.invalid([{ field: "--predictions", reason, description }]);
  };
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw refuse("NOT_FOUND", "there is no such file");
  if (!found.isFile()) throw refuse("WRONG_TYPE", found.isDirectory() ? "it is a folder" : "it is not a file");

  /** What is wrong with lines, by row. */
  const unreadable = new Map<number, { reason: string; description: string }>();
  /** Rows before which a line is empty: once for each. */
  let skips: number[] = [];

  async function* rows(): AsyncGenerator<unknown, void, undefined> {
    let index = 0;
    skips = [];
    try {
      for await (const lines of readLines(path)) {
        for (const text of lines) {
          if (text?.trim() === "") {
            skips.push(index);
            continue;
          }
          const row = text === undefined ? undefined : parse(text);
          if (!row && unreadable.size < most.violations)
            unreadable.set(
              index,
              text === undefined
                ? { reason: "INVALID_ENCODING", description: notUtf8 }
                : { reason: "INVALID_JSON", description: `${quote(text)} is not a JSON object` },
            );
          if (++index % progressRows === 0) output.live(`${index} predictions read`);
          yield row;
        }
      }
    } catch (error) {
      throw refuse("UNREADABLE", error instanceof Error ? error.message : String(error));
    }
  }

  const line = (index: number) => index + 1 + skips.filter((row) => row <= index).length;
  return {
    path,
    rows,
    placed: (faults) =>
      faults.map((fault) => {
        if (fault.field === "rows") return { ...fault, field: "--predictions", description: `${quotePath(path)}: ${fault.description}` };
        const [, digits, rest] = /^rows\[(\d+)\](.*)$/s.exec(fault.field) ?? [];
        if (digits === undefined) return fault;
        const index = Number(digits);
        const ofLine = rest === "" ? unreadable.get(index) : undefined;
        return ofLine ? { ...ofLine, field: `${path}:${line(index)}` } : { ...fault, field: `${path}:${line(index)}: ${fault.field}` };
      }),
    unreadableLines: async () => {
      for await (const _row of rows()) if (unreadable.size >= most.violations) break;
      return [...unreadable].map(([index, fault]) => ({ ...fault, field: `${path}:${line(index)}` }));
    },
  };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isPlainObject(value)) return undefined;
    // A file that Stepwire wrote has each row's number too.
    const { index: _index, ...fields } = value;
    return fields;
  } catch {
    return undefined;
  }
}
