import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { completeSpec } from "#core/jobs/completeSpec.js";
import { inspectModel } from "#engine/models/inspectModel.js";
import { type DatasetDemands, lengthsOf, modelFaults } from "./modelFaults.js";

const golden = (name: string) => inspectModel(fileURLToPath(new URL(`../../test/parity/goldens/${name}`, import.meta.url)), "model");
const texts: DatasetDemands = { task: "classification", classes: 2, pairs: false };
const pairs = { ...texts, pairs: true };

describe("max_length", () => {
  it("leaves room for a text beside the special tokens, and the fault says how much that is", async () => {
    const roberta = await golden("tiny-roberta");
    const problems = (maxLength: number, demands: DatasetDemands) =>
      modelFaults({ maxLength }, roberta, demands).map(({ field, description }) => `${field} ${description}`);
    expect(problems(3, texts)).toEqual([]);
    expect(problems(2, texts)).toEqual([
      "training_job.max_length 2 is out of range: the tokenizer puts 2 special tokens beside a text; allowed: from 3 to 64",
    ]);
    expect(problems(4, pairs)).toEqual([
      "training_job.max_length 4 is out of range: the tokenizer puts 4 special tokens beside a pair; allowed: from 5 to 64",
    ]);
    const completions: DatasetDemands = { task: "causal_lm", classes: 0, pairs: false };
    expect(modelFaults({ maxLength: 2 }, await golden("tiny-llama"), completions)).toMatchObject([
      { description: expect.stringContaining("1 special token before a text; allowed: from 3 to 64") as string },
    ]);
    // What is no length at all is told once, by the rule that needs no model.
    expect(problems(0, texts)).toEqual([]);
    expect(completeSpec({ maxLength: 0 }, undefined, lengthsOf(roberta, texts)).faults.map(({ field }) => field)).toContain(
      "training_job.max_length",
    );
  });

  it("is the model's fault where its positions are fewer", async () => {
    const bert = await golden("tiny-bert");
    const short = { ...bert, config: { ...bert.config, maxPositions: 2 } };
    expect(modelFaults({}, short, texts)).toEqual([
      {
        field: "training_job.model",
        reason: "UNSUPPORTED",
        description: "has positions for 2 tokens; the tokenizer puts 2 special tokens beside a text, so 3 are needed",
      },
    ]);
  });
});
