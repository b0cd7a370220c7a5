import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { selectTrainRows } from "#core/datasets/selectTrainRows.js";
import { wilsonInterval } from "#core/statistics/wilson.js";

// Holds Stepwire's training, in each precision, against the usual recipe in transformers + torch in float32: the same rows of SST-2, the same
// seeds, the same budget.
// Usage: npm run test:sst2 -- --sst2 FOLDER --model FOLDER [--python PYTHON] [--precisions float32,bfloat16] [--rows 8000] [--epochs 2]
//        [--seeds 1,2,3] [--report]
// PYTHON has torch and transformers; without it the precisions are compared with the first of them. The last line says for how many of the
// comparisons the mean accuracy is at most 0.015 below.

const { values: options } = parseArgs({
  options: {
    sst2: { type: "string" },
    model: { type: "string" },
    python: { type: "string" },
    precisions: { type: "string", default: "float32" },
    rows: { type: "string", default: "8000" },
    epochs: { type: "string", default: "2" },
    seeds: { type: "string", default: "1,2,3" },
    report: { type: "boolean", default: false },
  },
});
if (!options.sst2 || !options.model)
  throw new Error("--sst2 and --model are needed: folders of SST-2 (train.tsv, dev.tsv) and of the pretrained model");
const allowedLoss = 0.015;
const root = resolve(import.meta.dirname, "../../..");
const command = join(root, "clients/typescript/bin/stepwire.js");
const python = join(root, "test/parity/sst2_transformers.py");
const [trainFile, devFile] = ["train.tsv", "dev.tsv"].map((name) => join(options.sst2 ?? "", name)) as [string, string];
const folder = mkdtempSync(join(tmpdir(), "stepwire-sst2-"));

interface Run {
  name: string;
  seed: number;
  correct: number;
  examples: number;
  accuracy: number;
  train_seconds: number;
  peak_memory_bytes: number;
}

/** The rows that a job with this seed trains on, written for the other side. */
function writeRows(seed: number): string {
  const lines = readFileSync(trainFile, "utf8").split("\n").slice(1).filter(Boolean);
  const examples = lines.map((line) => ({
    text: line.slice(0, line.lastIndexOf("\t")),
    label: Number(line.slice(line.lastIndexOf("\t") + 1)),
  }));
  const path = join(folder, `train-${seed}.tsv`);
  const rows = selectTrainRows(examples, Number(options.rows), seed).map(({ text: sentence, label }) => `${sentence}\t${label}`);
  writeFileSync(path, `sentence\tlabel\n${rows.join("\n")}\n`);
  return path;
}

async function stepwire(seed: number, precision: string): Promise<Run> {
  const args = [
    ...[
      "train",
      "--model",
      resolve(options.model ?? ""),
      "--train",
      trainFile,
      "--eval",
      devFile,
      "--text",
      "sentence",
      "--label",
      "label",
    ],
    ...["--optimizer", "adamw", "--learning-rate", "5e-5", "--weight-decay", "0.01", "--schedule", "linear", "--warmup-ratio", "0.06"],
    ...[
      "--max-grad-norm",
      "1",
      "--batch-size",
      "32",
      "--epochs",
      options.epochs,
      "--max-train-rows",
      options.rows,
      "--evaluate-every",
      "0",
    ],
    ...["--seed", String(seed), "--precision", precision, "--json"],
  ];
  const child = spawn(process.execPath, [command, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, STEPWIRE_DATA: join(folder, "data") },
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  if (code !== 0) throw new Error(`stepwire train ended with ${String(code)}: ${output.slice(-2000)}`);
  const lines = output
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const evaluation = lines.find(({ type }) => type === "evaluation") as unknown as { correct: number; examples: number };
  const result = lines.find(({ type }) => type === "result") as unknown as { train_seconds: number; peak_memory_bytes: string };
  const { correct, examples } = evaluation;
  return {
    ...{ name: `stepwire ${precision}`, seed, correct, examples, accuracy: correct / examples },
    ...{ train_seconds: result.train_seconds, peak_memory_bytes: Number(result.peak_memory_bytes) },
  };
}

function transformers(seed: number, interpreter: string): Run {
  const threads = process.env.TF_NUM_INTRAOP_THREADS ?? "2";
  const output = execFileSync(
    interpreter,
    [python, resolve(options.model ?? ""), writeRows(seed), devFile, String(seed), options.epochs, threads],
    {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  return { ...(JSON.parse(output.trim().split("\n").at(-1) ?? "") as Run), name: "transformers float32" };
}

function show(run: Run): void {
  const { lower = Number.NaN, upper = Number.NaN } = wilsonInterval(run.correct, run.examples, 0.95);
  const interval = `[${lower.toFixed(4)}, ${upper.toFixed(4)}]`;
  const memory = `${(run.peak_memory_bytes / 2 ** 30).toFixed(2)} GiB`;
  console.log(
    `${run.name.padEnd(20)} seed ${run.seed}  accuracy ${run.accuracy.toFixed(4)} ${interval}  ${run.train_seconds.toFixed(0)} s  ${memory}`,
  );
}

const sides = new Map<string, Run[]>();
try {
  if (!existsSync(devFile)) throw new Error(`${devFile} is not there`);
  for (const seed of options.seeds.split(",").map(Number)) {
    const note = (run: Run) => {
      show(run);
      sides.set(run.name, [...(sides.get(run.name) ?? []), run]);
    };
    if (options.python) note(transformers(seed, options.python));
    for (const precision of options.precisions.split(",")) note(await stepwire(seed, precision));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const mean = (side: Run[], value: (run: Run) => number) => side.reduce((sum, run) => sum + value(run), 0) / side.length;
const [first, ...others] = sides;
if (!first || others.length === 0) throw new Error("there is nothing to compare: name a second precision, or --python");
const [reference, theirs] = first;
let met = 0;
for (const [name, ours] of others) {
  const difference = mean(ours, ({ accuracy }) => accuracy) - mean(theirs, ({ accuracy }) => accuracy);
  const seconds = mean(ours, (run) => run.train_seconds) / mean(theirs, (run) => run.train_seconds);
  const memory = mean(ours, (run) => run.peak_memory_bytes) / mean(theirs, (run) => run.peak_memory_bytes);
  if (difference >= -allowedLoss) met++;
  console.log(
    `${name} beside ${reference}: mean accuracy ${difference >= 0 ? "+" : ""}${difference.toFixed(4)}, ` +
      `time ${seconds.toFixed(2)}, peak memory ${memory.toFixed(2)}`,
  );
}
console.log(`targets: ${met} met, ${others.length - met} missed`);
if (met < others.length && !options.report) process.exitCode = 1;
