import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { bareEnvironment, stepwireProgram } from "./runStepwire.js";

/** The command on a terminal of its own, made by Python's `pty`. */
export interface TerminalRun {
  /** Everything that was written to the terminal so far. */
  written(): string;
  resize(columns: number): void;
  /** Types Ctrl-C. */
  interrupt(): void;
  /** Waits until the command has ended. */
  exitCode(): Promise<number | null>;
}

/** Starts the built command with its standard output and error on a terminal. */
export function startOnTerminal(args: readonly string[], columns: number, environment: Readonly<Record<string, string>> = {}): TerminalRun {
  const script = fileURLToPath(new URL("../../src/testing/pseudoTerminal.py", import.meta.url));
  const child = spawn("python3", [script, String(columns), process.execPath, stepwireProgram, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...bareEnvironment(), TERM: "xterm-256color", ...environment },
  });
  let written = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (written += text));
  const closed = once(child, "close") as Promise<[number | null]>;
  return {
    written: () => written,
    resize: (wanted) => void child.stdin.write(`columns ${wanted}\n`),
    interrupt: () => void child.stdin.write("interrupt\n"),
    exitCode: async () => (await closed)[0],
  };
}
