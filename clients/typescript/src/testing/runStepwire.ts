import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** The file that `npx stepwire` runs; it needs the built code. */
export const stepwireProgram = fileURLToPath(new URL("../../bin/stepwire.js", import.meta.url));

/** The environment of this process without what the command itself reads. */
export function bareEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { STEPWIRE_TRAINER_ADDRESS: _trainer, STEPWIRE_EVALUATOR_ADDRESS: _evaluator, ...rest } = process.env;
  return { ...rest, ...more };
}

/** Starts the built command as a user does. */
export function startStepwire(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [stepwireProgram, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: bareEnvironment(environment),
  });
}

/** What a command that has ended wrote; `lines` are those of standard output that are JSON objects. */
export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
  lines: Record<string, unknown>[];
}

/** Runs the built command to its end. */
export async function runStepwire(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
  const child = startStepwire(args, environment);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number | null]>,
  ]);
  const lines = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { code, stdout, stderr, lines };
}
