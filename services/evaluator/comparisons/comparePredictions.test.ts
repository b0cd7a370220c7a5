import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FaultError } from "#core/fault.js";
import { costOfTurns } from "../../../test/support/cpuTime.js";
import { compareInThread } from "./compareInThread.js";
import { comparePredictions, type ComparisonInput } from "./comparePredictions.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-compare-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Stores predictions of so many examples of two classes, every `wrong`th of them wrong. */
async function store(name: string, examples: number, wrong: number, changes: { label?: (index: number) => number } = {}): Promise<string> {
  const { label = (index: number) => index % 2 } = changes;
  const path = join(folder, name);
  const lines = Array.from({ length: examples }, (_, index) => {
    const predicted = index % wrong === 0 ? 1 - label(index) : label(index);
    return `${JSON.stringify({ index, label: label(index), predicted, probabilities: predicted === 0 ? [0.75, 0.25] : [0.25, 0.75] })}\n`;
  });
  await writeFile(path, lines.join(""));
  return path;
}

function input(paths: readonly string[], examples: number): ComparisonInput {
  const groups = paths.map((path, index) => ({
    name: `group ${index}`,
    evaluations: [{ id: `e${index}`, file: { path, task: "classification" as const, examples, classes: 2 } }],
  }));
  return { groups, settings: { metric: "accuracy" } };
}

describe("stored completions", () => {
  const completions = async (name: string, tokens: readonly number[]) => {
    const path = join(folder, name);
    await writeFile(
      path,
      tokens.map((count, index) => `${JSON.stringify({ index, loss: 1 + index, tokens: count, correct: 1 })}\n`).join(""),
    );
    return { name, evaluations: [{ id: name, file: { path, task: "causal_lm" as const, examples: tokens.length, classes: 0 } }] };
  };

  it("of other numbers of tokens are of other examples, unless the tokenizers differ on purpose", async () => {
    const groups = [await completions("one", [3, 4, 5]), await completions("two", [3, 7, 5])];
    const settings = { metric: "loss" } as const;
    const description = 'example 1 has 7 tokens in "two" and 4 in "one": they are not the same examples';
    await expect(comparePredictions({ groups, settings })).rejects.toMatchObject({ faults: [{ reason: "TOKENS_DIFFER", description }] });
    expect((await comparePredictions({ groups, settings, otherTokens: true })).pairs).toHaveLength(1);
  });
});

describe("stored predictions", () => {
  it("are compared in a thread as they are beside it", async () => {
    const both = input([await store("good", 400, 50), await store("bad", 400, 5)], 400);
    const { pairs } = await comparePredictions(both);
    expect(pairs[0]).toMatchObject({ verdict: "BETTER", difference: { estimate: 0.18 } });
    expect((await compareInThread(both, new AbortController().signal)).pairs).toEqual(pairs);
  });

  it("are refused where the labels are others, rows are missing or files are gone, all at once", async () => {
    const paths = [
      await store("first", 10, 5),
      await store("other", 10, 5, { label: (index) => Number(index === 3) }),
      await store("short", 9, 5),
      join(folder, "gone"),
    ];
    const refused = await comparePredictions(input(paths, 10)).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(FaultError);
    expect((refused as FaultError).faults).toEqual([
      {
        field: "groups",
        reason: "LABELS_DIFFER",
        description: 'example 1 has the label 0 in "e1" and 1 in "e0": they are not the same examples',
      },
      {
        field: "groups",
        reason: "PREDICTIONS_UNREADABLE",
        description: 'the predictions of "e2" cannot be read: there are 9 rows; 10 are needed',
      },
      { field: "groups", reason: "PREDICTIONS_UNREADABLE", description: 'the predictions of "e3" cannot be read: they are gone' },
    ]);
    await expect(compareInThread(input(paths, 10), new AbortController().signal)).rejects.toMatchObject({
      violations: (refused as FaultError).faults,
    });
  });

  it("of many examples leave the event loop free, and a call that ends takes its thread with it", async () => {
    const many = input([await store("many-good", 200_000, 50), await store("many-bad", 200_000, 49)], 200_000);
    const { result, longest } = await costOfTurns(() => compareInThread(many, new AbortController().signal));
    expect(result.examples).toBe(200_000);
    expect(longest).toBeLessThan(10);

    const ended = new AbortController();
    const call = compareInThread(many, ended.signal);
    // Before this loop turns, and can read an answer.
    const [thread] = (await once(process, "worker")) as [Worker];
    ended.abort(new Error("the caller left"));
    await expect(call).rejects.toThrow("the caller left");
    expect(thread.threadId).toBe(-1);
  });
});
