import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { miniLM, sample } from "../support/localStack.js";
import { runCommand } from "../support/runCommand.js";

// The command as the README shows it: no service is running, so it starts a private stack and stops it after.

const sst2 = join(import.meta.dirname, "../../../shared/data/sst2");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-command-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Real sentences where they are at hand, the bundled messages elsewhere: the same command, the same checks. */
const data = existsSync(join(sst2, "train.tsv"))
  ? { train: join(sst2, "train.tsv"), evaluation: join(sst2, "dev.tsv"), text: "sentence", rows: 640, majority: 444 / 872 }
  : { train: sample("train"), evaluation: sample("validation"), text: "text", rows: 925, majority: 40 / 230 };

describe("stepwire train", () => {
  it("fine-tunes the pretrained model and says how good it is, with an interval that lies above guessing", async () => {
    const { code, lines, stderr } = await runCommand(
      [
        ...["train", "--model", miniLM(), "--train", data.train, "--eval", data.evaluation, "--text", data.text, "--label", "label"],
        ...["--optimizer", "adamw", "--learning-rate", "2e-4", "--batch-size", "32", "--max-train-rows", String(data.rows)],
        ...["--epochs", "1", "--seed", "1", "--json"],
      ],
      { STEPWIRE_DATA: join(folder, "data") },
    );
    expect(code, stderr).toBe(0);
    const points = lines.filter(({ type, kind }) => type === "metric" && kind === "METRIC_KIND_TRAIN");
    const steps = Math.ceil(data.rows / 32);
    expect(points.map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, index) => index + 1));
    const losses = points.map(({ loss }) => Number(loss));
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(losses.slice(-5))).toBeLessThan(mean(losses.slice(0, 5)));

    const evaluation = lines.find(({ type }) => type === "evaluation") as {
      accuracy: { estimate: number; lower: number; upper: number; level: number; method: string };
      macro_f1: { estimate: number };
      confusion_matrix: { counts: number[] }[];
    };
    const { estimate, lower, upper, level, method } = evaluation.accuracy;
    expect({ level, method }).toEqual({ level: 0.95, method: "wilson" });
    expect(lower).toBeGreaterThan(data.majority);
    expect(lower).toBeLessThan(estimate);
    expect(upper).toBeGreaterThan(estimate);
    expect(evaluation.macro_f1.estimate).toBeGreaterThan(0);
    const result = lines.at(-1) as { type: string; checkpoint: string };
    expect(result.type).toBe("result");
    for (const file of ["config.json", "model.safetensors", "tokenizer.json"]) expect(existsSync(join(result.checkpoint, file))).toBe(true);
  });
});
