import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { selectTrainRows } from "#core/datasets/selectTrainRows.js";
import { wilsonInterval } from "#core/statistics/wilson.js";

// Holds Stepwire's training against the usual recipe in transformers + torch: the same rows of SST-2, the same seeds, the same budget.
// Usage: node dist/test/parity/sst2.js --sst2 FOLDER --model FOLDER --python PYTHON [--rows 8000] [--epochs 2] [--seeds 1,2,3]
// PYTHON has torch and transformers. The last line says whether the mean accuracy is at most 0.015 below theirs.

const { values: options } = parseArgs({
  options: {
    sst2: { type: "string" },
    model: { type: "string" },
    python: { type: "string", default: "python3" },
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

async function stepwire(seed: number): Promise<Run> {
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
    ...["--seed", String(seed), "--json"],
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
    ...{ seed, correct, examples, accuracy: correct / examples },
    ...{ train_seconds: result.train_seconds, peak_memory_bytes: Number(result.peak_memory_bytes) },
  };
}

function transformers(seed: number): Run {
  const threads = process.env.TF_NUM_INTRAOP_THREADS ?? "2";
  const output = execFileSync(
    options.python,
    [python, resolve(options.model ?? ""), writeRows(seed), devFile, String(seed), options.epochs, threads],
    {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Run;
}

function show(name: string, run: Run): void {
  const { lower = Number.NaN, upper = Number.NaN } = wilsonInterval(run.correct, run.examples, 0.95);
  const interval = `[${lower.toFixed(4)}, ${upper.toFixed(4)}]`;
  const memory = `${(run.peak_memory_bytes / 2 ** 30).toFixed(2)} GiB`;
  console.log(
    `${name.padEnd(14)} seed ${run.seed}  accuracy ${run.accuracy.toFixed(4)} ${interval}  ${run.train_seconds.toFixed(0)} s  ${memory}`,
  );
}

const runs: { ours: Run[]; theirs: Run[] } = { ours: [], theirs: [] };
try {
  if (!existsSync(devFile)) throw new Error(`${devFile} is not there`);
  for (const seed of options.seeds.split(",").map(Number)) {
    const ours = await stepwire(seed);
    show("stepwire", ours);
    const theirs = transformers(seed);
    show("transformers", theirs);
    runs.ours.push(ours);
    runs.theirs.push(theirs);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const mean = (side: Run[], value: (run: Run) => number) => side.reduce((sum, run) => sum + value(run), 0) / side.length;
const [ours, theirs] = [mean(runs.ours, ({ accuracy }) => accuracy), mean(runs.theirs, ({ accuracy }) => accuracy)];
console.log(`mean accuracy: stepwire ${ours.toFixed(4)}, transformers ${theirs.toFixed(4)}, difference ${(ours - theirs).toFixed(4)}`);
const seconds = mean(runs.ours, (run) => run.train_seconds) / mean(runs.theirs, (run) => run.train_seconds);
const memory = mean(runs.ours, (run) => run.peak_memory_bytes) / mean(runs.theirs, (run) => run.peak_memory_bytes);
console.log(`ratio to transformers: time ${seconds.toFixed(2)}, peak memory ${memory.toFixed(2)}`);
const met = theirs - ours <= allowedLoss;
console.log(`targets: ${met ? 1 : 0} met, ${met ? 0 : 1} missed`);
if (!met && !options.report) process.exitCode = 1;
