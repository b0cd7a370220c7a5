import { fork } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadTokenizer } from "#engine/models/tokenizer.js";
import { defaultModelFolder } from "#local/defaultModel.js";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { startNats } from "#local/natsProcess.js";
import { pythonPackages } from "../support/pythonPackages.js";
import { type LinePeer, startLinePeer } from "./linePeer.js";

// Times training steps beside the usual recipe in PyTorch: the same models, batches and threads, both sides in turns in one run.
// Usage: npm run bench:engine -- [--python PYTHON] [--sst2 FOLDER] [--only CASE,...] [--rounds 5] [--report] [--table FILE]
// PYTHON has the packages below; without one they are installed into the cache. Without --sst2 the bundled messages stand for its sentences.

const { values: options } = parseArgs({
  options: {
    python: { type: "string" },
    sst2: { type: "string" },
    only: { type: "string" },
    rounds: { type: "string", default: "5" },
    rows: { type: "string", default: "8000" },
    report: { type: "boolean", default: false },
    table: { type: "string" },
  },
});
const packages = ["torch==2.15.0", "transformers==5.23.0", "peft==0.21.2", "numpy==2.4.6"];
const rounds = Number(options.rounds);
const stepsPerTurn = 2;
const threads = String(process.env["TF_NUM_INTRAOP_THREADS"] ?? availableParallelism());
const precisions = ["float32", "bfloat16"] as const;
type Precision = (typeof precisions)[number];

/** A line of the table: what our side and what theirs is asked, and at most how much of its time ours may take. */
interface Case {
  name: string;
  ours: string;
  theirs: string;
  most: Readonly<Record<Precision, number>>;
}
const denseTargets = { float32: 0.9, bfloat16: 0.7 };
const cases: readonly Case[] = [
  { name: "MiniLM 16 x 64", ours: "minilm:16x64", theirs: "minilm:16x64", most: denseTargets },
  { name: "MiniLM 32 x 32", ours: "minilm:32x32", theirs: "minilm:32x32", most: denseTargets },
  { name: "DistilBERT 16 x 128", ours: "distilbert:16x128", theirs: "distilbert:16x128", most: denseTargets },
  { name: "GPT-2 LoRA 4 x 256", ours: "gpt2:4x256", theirs: "gpt2:4x256", most: denseTargets },
  { name: "sentences, padded recipe", ours: "sentences", theirs: "padded", most: { float32: 0.35, bfloat16: 0.35 } },
  { name: "sentences, grouped by length", ours: "sentences", theirs: "grouped", most: { float32: 0.8, bfloat16: 0.8 } },
];

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const range = (values: readonly number[]) => `${Math.min(...values).toFixed(2)}-${Math.max(...values).toFixed(2)}`;

const folder = mkdtempSync(join(tmpdir(), "stepwire-engine-"));
const models = join(folder, "models");
const sentencesFile = join(folder, "sentences.json");

/** Real sentences with their labels, as token ids. */
async function writeSentences(): Promise<string> {
  const encode = await loadTokenizer(defaultModelFolder(), 128);
  const rows = options.sst2
    ? readFileSync(join(options.sst2, "train.tsv"), "utf8")
        .split("\n")
        .slice(1, 1 + Number(options.rows))
        .map((line) => ({ text: line.slice(0, line.lastIndexOf("\t")), label: Number(line.slice(line.lastIndexOf("\t") + 1)) }))
    : readFileSync(join(repositoryRoot, "deploy/local/sample/support/train.csv"), "utf8")
        .split("\n")
        .slice(1)
        .filter(Boolean)
        .map((line, index) => ({ text: line.slice(0, line.lastIndexOf(",")), label: index % 2 }));
  writeFileSync(sentencesFile, JSON.stringify(rows.map(({ text, label }) => ({ ids: encode(text).ids, label }))));
  return options.sst2 ? `${rows.length} sentences of SST-2` : `${rows.length} bundled messages`;
}

async function startOurs(precision: Precision): Promise<LinePeer> {
  const program = join(repositoryRoot, "dist/test/benchmarks/engineSteps.js");
  return await startLinePeer(process.execPath, [program, models, sentencesFile], {
    TF_SET_ONEDNN_FPMATH_MODE: precision === "bfloat16" ? "BF16" : "",
    TF_NUM_INTRAOP_THREADS: threads,
  });
}

let python: { command: string; environment: Record<string, string> } | undefined;
async function startTheirs(): Promise<LinePeer> {
  if (!python) {
    if (!options.python) console.error("installing torch, transformers and peft into the cache: once, some gigabytes");
    python = options.python
      ? { command: options.python, environment: {} }
      : { command: "python3", environment: { PYTHONPATH: await pythonPackages(packages) } };
  }
  return await startLinePeer(python.command, [join(repositoryRoot, "test/benchmarks/torch_steps.py"), threads, models, sentencesFile], {
    ...python.environment,
    OMP_NUM_THREADS: threads,
  });
}

interface Row {
  name: string;
  precision: Precision;
  ours: number;
  theirs: number;
  ratios: number[];
  most: number;
}

async function measure({ name, ours, theirs, most }: Case, precision: Precision, [our, their]: [LinePeer, LinePeer]): Promise<Row> {
  // Batches of sentences differ: more of them make a turn.
  const steps = ours === "sentences" ? 12 : stepsPerTurn;
  await our.time(ours, precision, ours === "sentences" ? 20 : 2);
  await their.time(theirs, precision, 2);
  const turns = { our: [] as number[], their: [] as number[] };
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const of = ours === "sentences" ? mean : median;
  for (let round = 0; round < rounds; round++) {
    turns.our.push(of(await our.time(ours, precision, steps)));
    turns.their.push(of(await their.time(theirs, precision, steps)));
  }
  const ratios = turns.our.map((seconds, round) => seconds / (turns.their[round] ?? Number.NaN));
  return { name, precision, ours: median(turns.our), theirs: median(turns.their), ratios, most: most[precision] };
}

/** Seconds from the start of a process to its first step, and its most resident memory after ten. */
async function firstStep(start: () => Promise<LinePeer>, name: string): Promise<{ seconds: number; memory: number }> {
  const begin = performance.now();
  const peer = await start();
  await peer.time(name, "float32", 1);
  const seconds = (performance.now() - begin) / 1000;
  await peer.time(name, "float32", 9);
  const [memory = Number.NaN] = await peer.time("memory", "-", 1);
  peer.stop();
  return { seconds, memory };
}

/** Seconds from the start of a service's process until it takes calls. */
async function serviceStart(): Promise<number> {
  const data = mkdtempSync(join(folder, "data-"));
  const nats = await startNats(join(data, "nats"));
  try {
    const begin = performance.now();
    const child = fork(join(repositoryRoot, "dist/services/trainer/main.js"), [], {
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      env: {
        ...process.env,
        NATS_URL: nats.url,
        NATS_USER: nats.user,
        NATS_PASSWORD: nats.password,
        STEPWIRE_DATA: data,
        STEPWIRE_LISTEN: "127.0.0.1:0",
      },
    });
    await once(child, "message");
    const seconds = (performance.now() - begin) / 1000;
    child.kill("SIGTERM");
    await once(child, "exit");
    return seconds;
  } finally {
    await nats.stop();
  }
}

const rows: string[][] = [];
const missed: string[] = [];
let met = 0;
function check(isMet: boolean, text: string): void {
  if (isMet) met++;
  else missed.push(text);
}
const headings = ["case", "precision", "ours ms", "PyTorch ms", "ratio", "range", "target"];
const widths = [30, 9, 9, 11, 7, 12, 7];
function print(cells: readonly string[]): void {
  console.log(cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0))).join(" "));
}
function report(cells: string[]): void {
  rows.push(cells);
  print(cells);
}

try {
  mkdirSync(models);
  symlinkSync(defaultModelFolder(), join(models, "minilm"));
  const used = await writeSentences();
  const wanted = options.only?.split(",");
  const chosen = cases.filter(({ ours, theirs }) => !wanted || wanted.some((each) => ours.startsWith(each) || theirs === each));
  const their = await startTheirs();
  // Random models have no tokenizer of their own.
  for (const name of ["distilbert", "gpt2"]) cpSync(join(goldens(name), "tokenizer.json"), join(models, name, "tokenizer.json"));
  console.log(
    `torch ${their.known.join(", transformers ")}; ${threads} threads, ${cpus()[0]?.model ?? "unknown CPU"}, ${rounds} rounds; ${used}`,
  );
  print(headings);
  for (const precision of precisions) {
    const our = await startOurs(precision);
    for (const each of chosen) {
      const row = await measure(each, precision, [our, their]);
      const ratio = median(row.ratios);
      report([
        row.name,
        precision,
        (row.ours * 1000).toFixed(0),
        (row.theirs * 1000).toFixed(0),
        ratio.toFixed(2),
        range(row.ratios),
        `${row.most}`,
      ]);
      check(ratio <= row.most, `${row.name} in ${precision}: ${ratio.toFixed(2)} of PyTorch, wanted at most ${row.most}`);
    }
    our.stop();
  }
  their.stop();
  if (!wanted || wanted.includes("start")) {
    const name = "minilm:32x32";
    const [our, theirFirst] = [await firstStep(() => startOurs("float32"), name), await firstStep(startTheirs, name)];
    const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
    const memoryRatio = our.memory / theirFirst.memory;
    report(["peak memory, MB", "float32", megabytes(our.memory), megabytes(theirFirst.memory), memoryRatio.toFixed(2), "", "1"]);
    check(memoryRatio <= 1, `peak memory: ${memoryRatio.toFixed(2)} of PyTorch, wanted at most 1`);
    const startRatio = our.seconds / theirFirst.seconds;
    report([
      "first step, ms",
      "float32",
      ...[our.seconds, theirFirst.seconds].map((s) => (s * 1000).toFixed(0)),
      startRatio.toFixed(2),
      "",
      "3 s",
    ]);
    check(our.seconds <= 3, `first step: ${our.seconds.toFixed(1)} s after the process's start, wanted at most 3 s`);
    const service = median([await serviceStart(), await serviceStart(), await serviceStart()]);
    report(["service ready, ms", "", (service * 1000).toFixed(0), "", "", "", "0.5 s"]);
    check(service <= 0.5, `service: ready ${service.toFixed(2)} s after the process's start, wanted at most 0.5 s`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (options.table)
  writeFileSync(resolve(options.table), [headings, headings.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |\n`).join(""));
for (const text of missed) console.log(`missed: ${text}`);
console.log(`targets: ${met} met, ${missed.length} missed`);
if (missed.length > 0 && !options.report) process.exitCode = 1;

function goldens(name: string): string {
  return join(repositoryRoot, "test/parity/goldens", `tiny-${name}`);
}
