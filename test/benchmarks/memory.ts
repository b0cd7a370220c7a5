import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { pino } from "pino";
import { encodeExamples } from "#core/datasets/encodeExamples.js";
import { completeSpec, type TrainingJobDraft } from "#core/jobs/completeSpec.js";
import { optimizers } from "#core/optimizers/catalogue.js";
import { planTraining } from "#core/training/planTraining.js";
import { inspectModel } from "#engine/models/inspectModel.js";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { startRunner } from "#platform/runnerProcess.js";
import type { RunnerInput, RunnerMessage } from "#trainer/runnerProtocol.js";

// What a job's plan says of memory beside what its runner took, for the optimizers of the catalogue and batches of two sizes: a runner each, as
// the trainer's worker starts it. A dozen steps, so that what an optimizer does every tenth is among them.
// With --resumed each is a job that goes on from another's checkpoint.
// Usage: npm run bench:memory -- --model FOLDER [--only NAME[+WRAPPER],...] [--shapes 16x64,2x16] [--steps 12] [--settings JSON] [--resumed]
//   [--table FILE]

const { values: options } = parseArgs({
  options: {
    model: { type: "string" },
    only: { type: "string" },
    shapes: { type: "string", default: "16x64,2x16" },
    steps: { type: "string", default: "12" },
    settings: { type: "string", default: "{}" },
    resumed: { type: "boolean", default: false },
    table: { type: "string" },
  },
});
if (!options.model) throw new Error("--model is needed: the folder of a pretrained model");
const model = resolve(options.model);
const settings = JSON.parse(options.settings) as TrainingJobDraft;
const largestShare = 1.2;
const { config, parameters } = await inspectModel(model, "model");
const folder = mkdtempSync(join(tmpdir(), "stepwire-memory-"));
const rows = 128;

async function measure(named: string, batchSize: number, tokens: number): Promise<{ planned: number; measured: number }> {
  const [optimizer = "", wrapper] = named.split("+");
  // Two tokens begin and end each sentence; completions are cut at the tokens that are wanted.
  const words = ["good", "film", "bad", "story", "the", "and", "of", "a"];
  const sentence = (row: number) => Array.from({ length: tokens - 2 }, (_, place) => words[(place * 7 + row) % words.length]).join(" ");
  const split = join(folder, `${tokens}.jsonl`);
  const example = (row: number) =>
    settings.task === "causal_lm" ? { text: "", textPair: sentence(row), label: 0 } : { text: sentence(row), label: row % 2 };
  writeFileSync(split, encodeExamples(Array.from({ length: rows }, (_, row) => example(row))));
  const draft: TrainingJobDraft = {
    ...{
      dataset: { id: "d", trainSplit: "train", validationFraction: 1 / 16 },
      optimizer: {
        name: optimizer,
        hyperparameters: {},
        ...(wrapper !== undefined && { wrappers: [{ name: wrapper, hyperparameters: {} }] }),
      },
    },
    ...{ maxSteps: Number(options.steps), batchSize, maxLength: tokens, evaluateEvery: 0, keepTrainingState: options.resumed },
    ...settings,
  };
  const first = await run(draft, { split, tokens, source: model, named });
  if (!options.resumed) return first;
  const resumed = { ...draft, maxSteps: 2 * Number(options.steps) };
  return await run(resumed, { split, tokens, source: join(folder, "checkpoint"), firstStep: Number(options.steps) + 1, named });
}

/** What a runner takes for a job of rows of so many tokens. */
async function run(
  draft: TrainingJobDraft,
  of: { split: string; tokens: number; source: string; firstStep?: number; named: string },
): Promise<{ planned: number; measured: number }> {
  const { split, tokens, source, firstStep = 1 } = of;
  const { spec, faults } = completeSpec(draft);
  if (!spec) throw new Error(JSON.stringify(faults));
  const tokenLengths = [
    { atMost: tokens - 1, rows: 0 },
    { atMost: tokens, rows },
  ];
  const counts = { trainRows: rows - rows / 16, validationRows: rows / 16, tokenLengths, firstStep };
  const head = spec.task === "classification" ? ({ task: spec.task, classes: 2 } as const) : { task: spec.task };
  const plan = planTraining({ spec, ...counts, head, model: { parameters, config, created: [] } });
  const input: RunnerInput = {
    ...{
      spec,
      plan,
      model: { folder: source, roots: [source], name: "model" },
      dataset: { id: "d", digest: "0" },
      classes: spec.task === "classification" ? ["a", "b"] : [],
    },
    ...{ splitFiles: { train: split }, checkpointFolder: join(folder, firstStep > 1 ? "resumed" : "checkpoint") },
  };
  let last: RunnerMessage | undefined;
  const runner = startRunner({
    script: join(repositoryRoot, "dist/services/trainer/runner/main.js"),
    environment: { TF_SET_ONEDNN_FPMATH_MODE: spec.precision === "bfloat16" ? "BF16" : "" },
    ...{ logger: pino({ level: "silent" }), input, onMessage: (message) => void (last = message as RunnerMessage) },
  });
  await runner.exited;
  if (last?.type !== "done") throw new Error(`the runner of ${of.named} ended with ${JSON.stringify(last)}`);
  return { planned: plan.peakMemoryBytes, measured: last.result.peakMemoryBytes };
}

const lines = ["| optimizer | batch x tokens | planned | measured | ratio |", "| --- | --- | --- | --- | --- |"];
let met = 0;
let missed = 0;
const mb = (bytes: number) => (bytes / 1e6).toFixed(0);
try {
  for (const name of options.only?.split(",") ?? optimizers.map((each) => each.name))
    for (const shape of options.shapes.split(",")) {
      const [batchSize = 0, tokens = 0] = shape.split("x").map(Number);
      const { planned, measured } = await measure(name, batchSize, tokens);
      const ratio = planned / measured;
      if (ratio < largestShare && ratio > 2 - largestShare) met += 1;
      else missed += 1;
      const line = `| ${name} | ${batchSize} x ${tokens} | ${mb(planned)} | ${mb(measured)} | ${ratio.toFixed(2)} |`;
      lines.push(line);
      console.log(line);
    }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (options.table) writeFileSync(options.table, `${lines.join("\n")}\n`);
console.log(`targets: ${met} met, ${missed} missed`);
process.exitCode = missed > 0 ? 1 : 0;
