import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { optimizers } from "#core/optimizers/catalogue.js";
import { compileChain } from "#core/optimizers/compileChain.js";
import { resolveOptimizer } from "#core/optimizers/resolveOptimizer.js";
import { validateOptimizer } from "#core/optimizers/validateOptimizer.js";
import { createOptimizer } from "#engine/optimizer/createOptimizer.js";
import { createParameterStore } from "#engine/parameterStore.js";
import { tf } from "#engine/tensorflow.js";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { pythonPackages } from "../support/pythonPackages.js";
import { type LinePeer, startLinePeer } from "./linePeer.js";
import { miniLmTensors } from "./miniLm.js";
import { stepTraffic, type Traffic } from "./stageTraffic.js";

// Times one step of every optimizer of the catalogue over MiniLM's 105 tensors, beside the time that memory needs for what the step reads and
// writes, and beside torch (fused where it has that, else foreach) or the library that has the optimizer; in turns, in one run.
// Usage: npm run bench:optimizers -- [--python PYTHON] [--only NAME,...] [--rounds 7] [--report] [--table FILE]
// PYTHON has the packages of test/goldens/optimizers/requirements.txt; without one they are installed into the cache.

const { values: options } = parseArgs({
  options: {
    python: { type: "string" },
    only: { type: "string" },
    rounds: { type: "string", default: "7" },
    report: { type: "boolean", default: false },
    table: { type: "string" },
  },
});
const boundTarget = 1.5;
const fusedTarget = 1.2;
const stepsPerTurn = 4;
const warmUpSteps = 3;
const rounds = Number(options.rounds);
const threads = Number(process.env["TF_NUM_INTRAOP_THREADS"] ?? availableParallelism());
const fused = new Set(["sgd", "adam", "amsgrad", "adamw", "adagrad"]);
const foreach = new Set(["rmsprop", "nadam", "nadamw", "radam", "adadelta", "adamax", "asgd", "rprop"]);
const tensors = miniLmTensors();
const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);
const total = tensors.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

const parameters = createParameterStore();
tensors.forEach(({ name, shape }, index) => parameters.set(name, noise(sizeOf(shape), 0.05, index), shape));
const gradients = new Map(tensors.map(({ name, shape }, index) => [name, tf.tensor(noise(sizeOf(shape), 1e-3, index + 1000), shape)]));

/** Numbers between -scale and scale that repeat after 2^31. */
function noise(size: number, scale: number, seed: number): Float32Array {
  let state = seed + 1;
  return Float32Array.from({ length: size }, () => {
    state = Math.imul(state, 48_271) & 0x7fffffff;
    return scale * (state / 0x40000000 - 1);
  });
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const range = (values: readonly number[]) => `${Math.min(...values).toFixed(2)}-${Math.max(...values).toFixed(2)}`;

interface Row {
  name: string;
  traffic: Traffic | undefined;
  seconds: number;
  toBound: number[];
  peer: string;
  peerSeconds: number;
  toPeer: number[];
}

async function measure(name: string, bound: LinePeer, torch: LinePeer, peer: string): Promise<Row> {
  const optimizer = resolveOptimizer(validateOptimizer({ name, hyperparameters: {} }, "optimizer").selection);
  const rate = Number(optimizer.hyperparameters["learning_rate"]);
  const engine = createOptimizer({ optimizer, parameters, executor: "native" });
  const chain = optimizer.others ? undefined : compileChain(optimizer.chain, optimizer.hyperparameters);
  let step = 0;
  const run = (): { seconds: number; traffic: Traffic | undefined } => {
    step++;
    const scalars = { learningRate: rate * 1e-3, step, gradientScale: 1 };
    const sampled = engine.wantsSampledGradient(step) ? gradients : undefined;
    const start = performance.now();
    engine.update(gradients, scalars, sampled);
    const seconds = (performance.now() - start) / 1000;
    return { seconds, traffic: chain && stepTraffic(chain, { ...scalars, baseLearningRate: rate }) };
  };
  const row: Row = { name, traffic: undefined, seconds: 0, toBound: [], peer, peerSeconds: 0, toPeer: [] };
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let each = 0; each < warmUpSteps; each++) run();
  if (peer) await torch.time(name, peer, warmUpSteps);
  for (let round = 0; round < rounds; round++) {
    const perPass = median(await bound.time("scaled_add", "plain", stepsPerTurn)) / 3;
    const turn = Array.from({ length: stepsPerTurn }, run);
    const seconds = median(turn.map((each) => each.seconds));
    ours.push(seconds);
    const ratios = turn.flatMap((each) => (each.traffic ? [each.seconds / (each.traffic.passes * perPass)] : []));
    if (ratios.length > 0) row.toBound.push(median(ratios));
    row.traffic = turn[0]?.traffic;
    if (peer) {
      const other = median(await torch.time(name, peer, stepsPerTurn));
      theirs.push(other);
      row.toPeer.push(seconds / other);
    }
  }
  engine.dispose();
  return { ...row, seconds: median(ours), peerSeconds: median(theirs) };
}

/** A plain loop, compiled here as the engine's kernels are. */
function compileBound(folder: string): string {
  const program = join(folder, "scaled_add");
  const source = join(repositoryRoot, "test/benchmarks/scaled_add.cc");
  execFileSync(process.env["CXX"] ?? "c++", ["-std=c++17", "-O3", "-march=native", "-pthread", source, "-o", program], {
    stdio: "inherit",
  });
  return program;
}

async function startTorch(): Promise<LinePeer> {
  const shapes = JSON.stringify(tensors.map(({ shape }) => shape));
  const args = [join(repositoryRoot, "test/benchmarks/torch_optimizers.py"), String(threads), shapes];
  if (options.python) return startLinePeer(options.python, args);
  const requirements = readFileSync(join(repositoryRoot, "test/goldens/optimizers/requirements.txt"), "utf8").split("\n").filter(Boolean);
  console.error("installing torch and the other libraries into the cache: once, some gigabytes");
  return startLinePeer("python3", args, { PYTHONPATH: await pythonPackages(requirements, ["dadaptation"]) });
}

/** How it is called there; nothing where no library has it. */
function peerOf(name: string, known: readonly string[]): string {
  if (fused.has(name)) return "fused";
  if (foreach.has(name)) return "foreach";
  return known.includes(name) ? "plain" : "";
}

const milliseconds = (seconds: number) => (seconds * 1000).toFixed(1);

function cells({ name, traffic, seconds, toBound, peer, peerSeconds, toPeer }: Row): string[] {
  return [
    name,
    milliseconds(seconds),
    ...(traffic ? [String(traffic.passes), String(traffic.stages), median(toBound).toFixed(2), range(toBound)] : ["", "", "", ""]),
    ...(peer ? [peer, milliseconds(peerSeconds), median(toPeer).toFixed(3), range(toPeer)] : ["", "", "", ""]),
  ];
}

/** The targets of one row that were met and missed. */
function judge({ name, toBound, peer, toPeer }: Row): { met: number; missed: string[] } {
  const checks: [boolean, string][] = [];
  if (toBound.length > 0)
    checks.push([median(toBound) <= boundTarget, `${name}: ${median(toBound).toFixed(2)} of the bound, wanted at most ${boundTarget}`]);
  const most = peer === "fused" ? fusedTarget : 1;
  if (peer) checks.push([median(toPeer) <= most, `${name}: ${median(toPeer).toFixed(2)} of ${peer}, wanted at most ${most}`]);
  return { met: checks.filter(([isMet]) => isMet).length, missed: checks.flatMap(([isMet, text]) => (isMet ? [] : [text])) };
}

const folder = mkdtempSync(join(tmpdir(), "stepwire-bench-"));
const bound = await startLinePeer(compileBound(folder), [String(threads), ...tensors.map(({ shape }) => String(sizeOf(shape)))]);
const torch = await startTorch();
const headings = ["optimizer", "ms", "passes", "stages", "/ bound", "range", "peer", "ms", "/ peer", "range"];
console.log(`${total} parameters in ${tensors.length} tensors, ${threads} threads, ${cpus()[0]?.model ?? "unknown CPU"}, ${rounds} rounds`);
console.log(`a[i] += s * b[i] over them: ${milliseconds(median(await bound.time("scaled_add", "plain", 20)))} ms`);
const widths = [22, 7, 7, 7, 8, 12, 8, 8, 8, 12];
const print = (row: readonly string[]) =>
  console.log(row.map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0))).join(" "));
print(headings);
const rows: Row[] = [];
const wanted = options.only?.split(",") ?? optimizers.map(({ name }) => name).filter((name) => !name.includes("-without-"));
try {
  for (const name of wanted) {
    const row = await measure(name, bound, torch, peerOf(name, torch.known));
    rows.push(row);
    print(cells(row));
  }
} finally {
  bound.stop();
  torch.stop();
  rmSync(folder, { recursive: true });
}
if (options.table)
  writeFileSync(options.table, [headings, headings.map(() => "---"), ...rows.map(cells)].map((row) => `| ${row.join(" | ")} |\n`).join(""));
const verdicts = rows.map(judge);
const missed = verdicts.flatMap((each) => each.missed);
for (const text of missed) console.log(`missed: ${text}`);
console.log(`targets: ${verdicts.reduce((sum, { met }) => sum + met, 0)} met, ${missed.length} missed`);
if (missed.length > 0 && !options.report) process.exitCode = 1;
