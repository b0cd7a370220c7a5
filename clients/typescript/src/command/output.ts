import type { StepwireError } from "../stepwireError.js";

/** Where a command writes: results to standard output, diagnostics to standard error. */
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
  /** Standard error is a terminal and --json was not given. */
  terminal: boolean;
}

export function createOutput(json: boolean): Output {
  const terminal = !json && process.stderr.isTTY;
  let liveText = "";
  const live = (text: string): void => {
    if (!terminal || text === liveText) return;
    process.stderr.write(`\r\u001B[K${text}`);
    liveText = text;
  };
  /** Writes above the live line. */
  const above = (write: () => void): void => {
    const text = liveText;
    live("");
    write();
    live(text);
  };
  return {
    json,
    terminal,
    live,
    print: (text) => {
      if (!json) above(() => process.stdout.write(`${text}\n`));
    },
    line: (type, fields) => {
      if (json) process.stdout.write(`${JSON.stringify({ type, ...fields })}\n`);
    },
    note: (text) => above(() => process.stderr.write(`${text}\n`)),
  };
}

/** The object that --json prints for an error. */
export function errorFields({ code, reason, message, metadata, violations }: StepwireError): object {
  return { code, reason, message, metadata, violations };
}
