import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { commandLine, isAlive, processIdentity } from "./processIdentity.js";

describe("the identity of a process", () => {
  it("stays the same while it runs, and is gone after", async () => {
    const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)", "a-word-to-find"]);
    await once(child, "spawn");
    const pid = child.pid ?? 0;
    const identity = processIdentity(pid);
    expect(identity).toMatch(new RegExp(`^${pid}`));
    expect(processIdentity(pid)).toBe(identity);
    expect(commandLine(pid)).toContain("a-word-to-find");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(isAlive(pid)).toBe(false);
    expect(processIdentity(pid)).toBeUndefined();
    expect(commandLine(pid)).toBe("");
  });
});
