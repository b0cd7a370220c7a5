import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startPrivateStack } from "./privateStack.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-private-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function writeProgram(source: string): Promise<string> {
  const path = join(folder, "start.mjs");
  await writeFile(path, source);
  await chmod(path, 0o755);
  return path;
}

describe("a private stack", () => {
  it("is ready when it says its addresses, and stop waits until it has ended", async () => {
    const path = await writeProgram(`
      process.send({ type: "ready", trainerAddress: process.argv.slice(2).join(" "), evaluatorAddress: String(process.pid) });
      process.on("SIGTERM", () => setTimeout(() => process.exit(0), 200));
      setInterval(() => undefined, 1000);`);
    const stack = await startPrivateStack(path, "/models/mine", new AbortController().signal, () => undefined);
    expect(stack.trainerAddress).toBe("--private --model-root /models/mine");
    const pid = Number(stack.evaluatorAddress);
    await stack.stop();
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  });

  it("that ends before it is ready is an error with what it said last", async () => {
    const path = await writeProgram(`console.error("no compiler found"); process.exitCode = 3;`);
    let said = "";
    const starting = startPrivateStack(path, undefined, new AbortController().signal, (text) => (said += text));
    await expect(starting).rejects.toThrow(/exit code 3.*: no compiler found/);
    expect(said).toBe("no compiler found\n");
  });
});
