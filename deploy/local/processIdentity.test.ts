import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
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

  it("is gone when it has ended, whether its parent has looked or not", async () => {
    // What the shell turns into never looks after its children.
    const parent = spawn("sh", ["-c", "sleep 600 & echo $!; exec sleep 601"], { stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => void parent.kill("SIGKILL"));
    const [said] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(String(said));
    await expect.poll(() => commandLine(parent.pid ?? 0)).toMatch(/^sleep 601/);
    expect(isAlive(pid)).toBe(true);
    process.kill(pid, "SIGKILL");
    await expect.poll(() => isAlive(pid)).toBe(false);
    expect(process.kill(pid, 0)).toBe(true);
    expect(processIdentity(pid)).toBeUndefined();
  });
});
