import { describe, expect, it } from "vitest";
import { startServiceServer } from "../testing/serviceServer.js";
import { startOnTerminal } from "../testing/pseudoTerminal.js";
import { runStepwire } from "../testing/runStepwire.js";
import { fitted, printable, shown, shownLong } from "./printable.js";

describe("shown", () => {
  it("escapes what a terminal would obey", () => {
    expect(shown("\u001B[31mred\u0007")).toBe("\\u001b[31mred\\u0007");
    expect(shown("a\nb\rc\td")).toBe("a\\nb\\rc\\td");
    expect(shown("\u009B2J\u007F\u2028\u202Eevil\uD800")).toBe("\\u009b2J\\u007f\\u2028\\u202eevil\\ud800");
  });

  it("leaves every script and emoji as they are", () => {
    for (const text of ["é ñ ß", "日本語", "العربية", "👩‍🔬 fine"]) expect(shown(text)).toBe(text);
  });

  it("cuts and says how long the text is, never inside a character", () => {
    expect(shown("x".repeat(3_000_000))).toBe(`${"x".repeat(178)}… (3000000 characters)`);
    expect(shown("😀".repeat(200))).toMatch(/^(😀)+… \(400 characters\)$/u);
    expect(shownLong("x".repeat(4096))).toHaveLength(4096);
  });
});

describe("printable", () => {
  it("keeps lines and cuts each", () => {
    expect(printable("a\n\u001B[2J\nb")).toBe("a\n\\u001b[2J\nb");
    expect(printable(`a\n${"x".repeat(3_000_000)}`).length).toBeLessThan(5000);
  });
});

describe("fitted", () => {
  it("leaves the last column free", () => {
    expect(fitted("abcdef", 7)).toBe("abcdef");
    expect(fitted("abcdef", 6)).toBe("abcd…");
    expect(fitted("abcdef", 1)).toBe("…");
  });
});

describe("what a hostile service says", () => {
  const evil = `\u001B]0;owned\u0007\u001B[2J\nstepwire: all is well${"x".repeat(300_000)}`;

  it("is harmless on a terminal and exact in JSON", async () => {
    const server = await startServiceServer();
    try {
      const { answers } = server;
      answers.job = {
        ...answers.job,
        ...{ id: evil, model: evil, labels: { [evil]: evil } },
        error: { code: evil, message: evil },
        optimizer: { name: evil, hyperparameters: { fields: { [evil]: { stringValue: evil } } } },
      };
      answers.optimizers = [{ name: "adamw", ...{ description: evil, formula: evil, source: evil }, chain: [evil] }];
      answers.evaluation = {
        ...answers.evaluation,
        split: evil,
        metrics: { ...answers.evaluation.metrics, class_metrics: [{ label: evil }] },
      };
      answers.events = [{ log: { level: evil, message: evil } }, { state_change: { state: "TRAINING_JOB_STATE_SUCCEEDED" } }];
      for (const args of [
        ["jobs"],
        ["jobs", "x"],
        ["watch", "x"],
        ["cancel", "x"],
        ["optimizers"],
        ["optimizers", "adamw"],
        ["evaluate", "x"],
      ]) {
        const run = startOnTerminal([...server.flags, ...args], 80);
        expect(await run.exitCode(), args.join(" ")).toBe(0);
        const written = run.written();
        expect(written.replaceAll("\r\u001B[K", "").replaceAll("\r\n", "")).not.toMatch(/\p{Cc}/u);
        expect(written).not.toMatch(/^stepwire: all is well/m);
        expect(written.length, args.join(" ")).toBeLessThan(60_000);
      }
      const { lines } = await runStepwire([...server.flags, "jobs", "x", "--json"]);
      expect(lines[0]?.["id"]).toBe(evil);
    } finally {
      server.close();
    }
  });

  it("is harmless as a message of an error", async () => {
    const { stderr } = await runStepwire(["--trainer-address", "\u001B[2J:1", "jobs"]);
    expect(stderr).toContain("\\u001b[2J");
    const unknown = await runStepwire(["\u001B[2J"]);
    expect(unknown.code).toBe(2);
    for (const text of [stderr, unknown.stderr]) expect(text).not.toContain("\u001B");
  });
});
