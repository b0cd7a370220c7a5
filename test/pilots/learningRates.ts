import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { optimizers } from "#core/optimizers/catalogue.js";
import { parsePilot, type PilotRun } from "#local/optimizerDocs/pilot.js";
import { runCommand } from "../support/runCommand.js";

// Finds the learning rate that suits each optimizer of the catalogue, all with the same model, rows, schedule and number of steps: tries the
// default, a third and three times of it, and goes on in the direction where the accuracy is still rising. What it measured is appended to a
// file, one run a line, and not measured again; docs/optimizers/learning-rates.md is made from that file.
// Usage: npm run pilot:learning-rates -- --sst2 FOLDER --model FOLDER [--only NAME,...] [--rows 6400] [--out docs/optimizers/pilot.jsonl]

const { values: options } = parseArgs({
  options: {
    sst2: { type: "string" },
    model: { type: "string" },
    only: { type: "string" },
    rows: { type: "string", default: "6400" },
    out: { type: "string", default: "docs/optimizers/pilot.jsonl" },
  },
});
if (!options.sst2 || !options.model)
  throw new Error("--sst2 and --model are needed: folders of SST-2 (train.tsv, dev.tsv, test.tsv) and of the pretrained model");
const { sst2, model, out } = { ...options, sst2: options.sst2, model: resolve(options.model) };
const most = 6;

/** What these runs are called in the docs, which say what they have in common (deploy/local/optimizerDocs/pilot.ts). */
const pilot = `stepwire-${options.rows}`;

const folder = mkdtempSync(join(tmpdir(), "stepwire-pilot-"));
const evaluationFile = join(folder, "evaluation.tsv");
const body = (name: string) => readFileSync(join(sst2, name), "utf8").trimEnd().split("\n");
const evaluationLines = [...body("dev.tsv"), ...body("test.tsv").slice(1)];
const examples = evaluationLines.length - 1;
writeFileSync(evaluationFile, evaluationLines.join("\n"));

const runs = existsSync(out) ? parsePilot(readFileSync(out, "utf8")).filter((each) => each.pilot === pilot) : [];

/** One run; `accuracy` is null when a number was not finite and the job failed. */
async function run(optimizer: string, learningRate: number): Promise<PilotRun> {
  const seed = 1;
  const batchSize = 32;
  const { code, stdout, stderr, lines } = await runCommand(
    [
      ...["train", "--model", model, "--train", join(sst2, "train.tsv"), "--eval", evaluationFile, "--text", "sentence"],
      ...["--optimizer", optimizer, "--learning-rate", String(learningRate), "--schedule", "linear", "--warmup-ratio", "0.1"],
      ...["--batch-size", String(batchSize), "--max-train-rows", options.rows, "--epochs", "1", "--max-length", "64"],
      ...["--evaluate-every", "0", "--seed", String(seed), "--no-evaluate", "--json"],
    ],
    { STEPWIRE_DATA: join(folder, "data") },
  );
  const result = lines.find(({ type }) => type === "result");
  const settings = { pilot, optimizer, learningRate };
  if (result) {
    const accuracy = Number(Number(result["validation_accuracy"]).toFixed(4));
    return { ...settings, accuracy, examples, steps: Number(result["steps"]), seed };
  }
  // A rate so high that numbers stop being finite is a finding; anything else is a fault of the pilot.
  if (!/NAN_|not finite/.test(stdout + stderr))
    throw new Error(`stepwire train ended with ${String(code)}: ${(stdout + stderr).slice(-2000)}`);
  return { ...settings, accuracy: null, examples, steps: Math.ceil(Number(options.rows) / batchSize), seed };
}

/** Two digits. */
const rounded = (rate: number) => Number(rate.toPrecision(2));

/** The rate to try next: the default, its neighbours, then beyond the best one as long as that is the first or the last. */
function nextRate(tried: readonly PilotRun[], start: number): number | undefined {
  const first = [start, rounded(start / 3), rounded(start * 3)].find((rate) => tried.every((each) => each.learningRate !== rate));
  if (first !== undefined) return first;
  if (tried.length >= most) return undefined;
  const rates = tried.map(({ learningRate }) => learningRate);
  const best = tried.toSorted((a, b) => (b.accuracy ?? 0) - (a.accuracy ?? 0))[0]?.learningRate;
  if (best === Math.max(...rates)) return rounded(best * 3);
  return best === Math.min(...rates) ? rounded(best / 3) : undefined;
}

try {
  for (const { name, hyperparameters } of optimizers) {
    if (options.only ? !options.only.split(",").includes(name) : name.includes("-without-")) continue;
    const start = Number(hyperparameters.find((each) => each.name === "learning_rate")?.default);
    const tried = runs.filter(({ optimizer }) => optimizer === name);
    for (let rate = nextRate(tried, start); rate !== undefined; rate = nextRate(tried, start)) {
      const one = await run(name, rate);
      tried.push(one);
      appendFileSync(out, `${JSON.stringify(one)}\n`);
      console.log(`${name.padEnd(22)} ${rate.toExponential(1)}  ${one.accuracy?.toFixed(4) ?? "diverged"}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
