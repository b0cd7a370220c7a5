import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Another program that takes turns with ours: it is asked with a line and answers with one. */
export interface LinePeer {
  /** Names of what it can time, where it says. */
  readonly known: readonly string[];
  /** Seconds of each of `count` steps. */
  time(name: string, how: string, count: number): Promise<number[]>;
  stop(): void;
}

/**
 * Starts a peer and waits until it is ready.
 * @throws Error when it ends before it has answered
 */
export async function startLinePeer(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<LinePeer> {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...env } });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { done, value } = await lines.next();
    if (done) throw new Error(`${command} ${args[0]} ended before it answered`);
    return JSON.parse(value) as unknown;
  };
  const { peers = [] } = (await answer()) as { peers?: string[] };
  return {
    known: peers,
    async time(name, how, count) {
      child.stdin.write(`${name} ${how} ${count}\n`);
      return (await answer()) as number[];
    },
    stop: () => child.stdin.end(),
  };
}
