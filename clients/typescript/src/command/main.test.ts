import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { runStepwire, startStepwire } from "../testing/runStepwire.js";
import { startServiceServer } from "../testing/serviceServer.js";

const commands = ["train", "watch", "jobs", "cancel", "evaluate", "optimizers"];

describe("stepwire", () => {
  it("prints its version", async () => {
    const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
    for (const flag of ["--version", "-V"])
      expect(await runStepwire([flag])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  it("describes every command with an example that can be copied, and its exit codes", async () => {
    for (const command of commands) {
      const { code, stdout } = await runStepwire([command, "--help"]);
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^Examples:\n  stepwire ${command}`, "m"));
    }
    const { stdout } = await runStepwire(["--help"]);
    expect(stdout).toMatch(/^Examples:\n {2}stepwire train/m);
    expect(stdout).toContain("Exit codes: 0 done; 1");
  });

  it("suggests the nearest flag and command, and ends with 2", async () => {
    const flag = await runStepwire(["train", "--optimiser", "adamw"]);
    expect(flag).toMatchObject({ code: 2, stderr: expect.stringContaining("--optimizer") as string });
    const command = await runStepwire(["trian"]);
    expect(command).toMatchObject({ code: 2, stderr: expect.stringContaining("train") as string });
    const json = await runStepwire(["jobs", "--jsn", "--json"]);
    expect(json.lines).toMatchObject([{ type: "error", code: "INVALID_ARGUMENT", reason: "USAGE" }]);
    expect(json.stderr).toContain("unknown option '--jsn'");
  });

  it("ends quietly when the reader of its output has seen enough", async () => {
    const server = await startServiceServer();
    try {
      for (const args of [["jobs"], ["jobs", "--json"]]) {
        const child = startStepwire([...server.flags, ...args]);
        // What `head` does, earlier than it could.
        child.stdout.destroy();
        const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "exit") as Promise<[number | null]>]);
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      }
      const child = startStepwire([...server.flags, "watch", "job"]);
      child.stderr.destroy();
      const [, [code]] = await Promise.all([text(child.stdout), once(child, "exit") as Promise<[number | null]>]);
      expect(code).toBe(0);
    } finally {
      server.close();
    }
  });
});
