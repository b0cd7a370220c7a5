import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compareGroups } from "#core/comparisons/compareGroups.js";
import { randomBits } from "#core/random.js";
import { bootstrapTable } from "#core/statistics/resampling/bootstrapInterval.js";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { pythonPackages } from "../support/pythonPackages.js";
import { startLinePeer } from "./linePeer.js";

// Times comparisons of the size that studies have, beside scipy on numbers of the same kind, in turns, in one run.
// Usage: npm run bench:statistics -- [--python PYTHON] [--rounds 3] [--report] [--table FILE]
// PYTHON has the packages of test/goldens/statistics/requirements.txt; without one they are installed into the cache.

const { values: options } = parseArgs({
  options: {
    python: { type: "string" },
    rounds: { type: "string", default: "3" },
    report: { type: "boolean", default: false },
    table: { type: "string" },
  },
});
const rounds = Number(options.rounds);
const examples = 100_000;

const share = (purpose: string, index: number) => (randomBits(1, purpose, index) + 0.5) / 2 ** 32;
const models = [0.4, 0.41].map((scale, place) => ({
  name: `model-${place}`,
  evaluations: [
    { kind: "mean" as const, values: Float64Array.from({ length: examples }, (_, index) => -scale * Math.log(share(`${place}`, index))) },
  ],
}));
const optimizers = Array.from({ length: 20 }, (_, optimizer) => ({
  name: `optimizer-${optimizer}`,
  evaluations: Array.from({ length: 10 }, (__, seed) => ({
    kind: "mean" as const,
    values: Uint8Array.from({ length: 10_000 }, (___, index) => (share(`${optimizer}/${seed}`, index) < 0.9 ? 1 : 0)),
  })),
}));
const difference = ([, onlyFirst = 0, onlySecond = 0]: ArrayLike<number> & Iterable<number>) => (onlyFirst - onlySecond) / examples;

interface Line {
  name: string;
  what: string;
  /** Seconds at most. */
  target: number;
  run(): unknown;
}
const lines: Line[] = [
  {
    name: "log-loss",
    what: "two models' log losses over 100,000 examples: test, equivalence and intervals (scipy: 10,000 bootstrap resamples)",
    target: 2,
    run: () => compareGroups(models, { metric: "loss", margin: 0.01 }),
  },
  {
    name: "binary",
    what: "10,000 paired bootstrap resamples of accuracy over 100,000 examples",
    target: 0.1,
    run: () => bootstrapTable([85_000, 5_000, 4_000, 6_000], difference),
  },
  {
    name: "many",
    what: "all pairs of 20 optimizers, 10 seeds, 10,000 examples (scipy: paired t tests, which know nothing of seeds)",
    target: 5,
    run: () => compareGroups(optimizers, { metric: "accuracy", margin: 0.01 }),
  },
];

const environment = options.python === undefined ? { PYTHONPATH: await pythonPackages(["numpy==2.4.6", "scipy==1.17.1"]) } : {};
const scipy = await startLinePeer(options.python ?? "python3", [join(repositoryRoot, "test/benchmarks/scipy_statistics.py")], environment);
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
let met = 0;
const rows: string[][] = [];
for (const { name, what, target, run } of lines) {
  run();
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    run();
    ours.push((performance.now() - started) / 1000);
    theirs.push(...(await scipy.time(name, "plain", 1)));
  }
  const ratios = ours.map((seconds, index) => seconds / (theirs[index] as number));
  const isMet = median(ours) <= target;
  if (isMet) met++;
  rows.push([
    what,
    `${median(ours).toFixed(3)} s`,
    `${target} s${isMet ? "" : " MISSED"}`,
    `${median(theirs).toFixed(3)} s`,
    `${median(ratios).toPrecision(2)} (${Math.min(...ratios).toPrecision(2)} to ${Math.max(...ratios).toPrecision(2)})`,
  ]);
  console.log(rows.at(-1)?.join("  "));
}
scipy.stop();
const head = ["what", "Stepwire", "at most", "scipy", "ratio"];
const table = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const machine = `${cpus()[0]?.model ?? "unknown CPU"}, Node ${process.version}, median of ${rounds} rounds in turns`;
console.log(`\n${table}\n\n${machine}`);
if (options.table !== undefined) writeFileSync(options.table, `${table}\n\n${machine}\n`);
console.log(`targets: ${met} met, ${lines.length - met} missed`);
process.exitCode = met < lines.length && !options.report ? 1 : 0;
