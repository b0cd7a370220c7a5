import type { StepwireError } from "../stepwireError.js";
import { fitted, printable } from "./printable.js";

/** Where a command writes: results to standard output, diagnostics to standard error. Only `line` writes what it is given as it is. */
export interface Output {
  json: boolean;
  /** For people; nothing with --json. */
  print(text: string): void;
  /** One JSON object a line; nothing without --json. */
  line(type: string, fields: object): void;
  /** A diagnostic, on standard error. */
  note(text: string): void;
  /** A line on standard error that the next one replaces, on a terminal; elsewhere nothing. Empty text removes it. */
  live(text: string): void;
  /** Characters in a line of standard output where that is a terminal. */
  columns: number | undefined;
  /** Standard error is a terminal and --json was not given. */
  terminal: boolean;
}

/** Where it is not known. */
export const usualColumns = 80;

/** One for a process: what it writes goes above its own live line. */
export function createOutput(json: boolean): Output {
  const { stderr, stdout } = process;
  const terminal = !json && stderr.isTTY && process.env["TERM"] !== "dumb";
  let liveText = "";
  const draw = (text: string): void => {
    stderr.write(`\r\u001B[K${fitted(text, stderr.columns || usualColumns)}`);
  };
  const live = (text: string): void => {
    if (!terminal || text === liveText) return;
    draw(text);
    liveText = text;
  };
  if (terminal) {
    stderr.on("resize", () => {
      if (liveText !== "") draw(liveText);
    });
    // A second Ctrl-C leaves at once: the shell's prompt begins on an empty line.
    process.on("exit", () => live(""));
  }
  /** Writes above the live line. */
  const above = (write: () => void): void => {
    const text = liveText;
    live("");
    write();
    live(text);
  };
  return {
    json,
    columns: stdout.isTTY ? stdout.columns || usualColumns : undefined,
    terminal,
    live,
    print: (text) => {
      if (!json) above(() => stdout.write(`${printable(text)}\n`));
    },
    line: (type, fields) => {
      if (json) stdout.write(`${JSON.stringify({ type, ...fields })}\n`);
    },
    note: (text) => above(() => stderr.write(`${printable(text)}\n`)),
  };
}

/** The object that --json prints for an error. */
export function errorFields({ code, reason, message, metadata, violations }: StepwireError): object {
  return { code, reason, message, metadata, violations };
}
