import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Evaluation, messageJson, type MetricPoint, Stepwire } from "@stepwire/client";
import { repositoryRoot } from "./repositoryRoot.js";
import { ensureSetup } from "./setup.js";
import { startStack } from "./stack.js";

// npm run demo: the pretrained model, the bundled messages, three optimizers under the same budget, and what each is worth.

/** One pass is enough to see a difference; the rates are higher than the catalogue's defaults, which are for longer trainings. */
const runs = [
  { optimizer: "sgd", learningRate: 0.05 },
  { optimizer: "rmsprop", learningRate: 1e-4 },
  { optimizer: "adamw", learningRate: 3e-4 },
];

const { values: options } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const started = performance.now();
const json = (object: object) => options.json && console.log(JSON.stringify(object));
const say = (text: string) => options.json || console.log(text);

interface Outcome {
  optimizer: string;
  learningRate: number;
  accuracy: NonNullable<NonNullable<Evaluation["metrics"]>["accuracy"]>;
  seconds: number;
}

await ensureSetup().catch((error: unknown) => {
  console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
const folder = await mkdtemp(join(tmpdir(), "stepwire-demo-"));
const starting = startStack({ dataFolder: folder });
const aborted = new AbortController();
let connected: Stepwire | undefined;
let cleaning: Promise<void> | undefined;
const clean = () =>
  (cleaning ??= (async () => {
    connected?.close();
    await starting.then(
      (stack) => stack.stop(),
      () => undefined,
    );
    await rm(folder, { recursive: true, force: true });
  })());
const leave = (exitCode: number): void => {
  aborted.abort();
  void clean().then(() => process.exit(exitCode));
};
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => leave(130));
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // The reader, `head` for example, has seen enough.
    if (error.code === "EPIPE") leave(0);
    else throw error;
  });

try {
  const stack = await starting;
  const stepwire = new Stepwire({ trainerAddress: stack.trainerAddress, evaluatorAddress: stack.evaluatorAddress });
  connected = stepwire;
  const sample = (split: string) => ({ split, path: join(repositoryRoot, `deploy/local/sample/support/${split}.csv`) });
  const dataset = await stepwire.datasets.import({
    columns: { text: "text", label: "label" },
    files: ["train", "validation", "test"].map(sample),
  });
  say(
    `data: ${dataset.splits.map(({ name, rows }) => `${name} ${rows}`).join(", ")} customer-support messages in ${dataset.classes.length} intents`,
  );
  json({ type: "dataset", id: dataset.id, classes: dataset.classes, splits: dataset.splits.map(({ name, rows }) => ({ name, rows })) });

  const outcomes: Outcome[] = [];
  for (const { optimizer, learningRate } of runs) {
    const job = await stepwire.jobs.create({
      dataset: { id: dataset.id },
      optimizer: { name: optimizer, hyperparameters: { learning_rate: learningRate } },
      ...{ epochs: 1, batchSize: 32, evaluateEvery: 15, seed: 1 },
    });
    let accuracy: number | undefined;
    for await (const { metric } of job.watch({ signal: aborted.signal })) {
      if (!metric) continue;
      if (metric.kind === "EVALUATION") ({ accuracy } = metric);
      else showProgress(optimizer, metric, accuracy);
      json({ type: "metric", ...messageJson("stepwire.v1.MetricPoint", metric, "proto3") });
    }
    endProgress();
    const result = await job.result();
    const evaluation = await (await stepwire.evaluations.create({ trainingJob: job.id, split: "test" })).result();
    if (!evaluation.metrics?.accuracy) throw new Error("the evaluation has no accuracy");
    json({
      type: "evaluation",
      training_job: job.id,
      optimizer,
      ...messageJson("stepwire.v1.EvaluationMetrics", evaluation.metrics, "plain"),
    });
    outcomes.push({ optimizer, learningRate, accuracy: evaluation.metrics.accuracy, seconds: result.trainSeconds });
  }
  for (const { optimizer, learningRate, accuracy, seconds } of outcomes)
    json({ type: "result", optimizer, learning_rate: learningRate, accuracy, train_seconds: seconds });
  say(table(outcomes));
  const total = ((performance.now() - started) / 1000).toFixed(0);
  say(`\nThe intervals are about the messages of the test split, for one seed each. They say how well each one is known, not which is better:
that takes a paired test on the same messages, and more than one seed.
All of it took ${total} s.

What to try next
  npx stepwire optimizers                       what there is, with formulas and defaults
  npx stepwire train --train FILE.csv --text COLUMN --label COLUMN --optimizer adamw
  npm start                                     run the services; then use the SDK or gRPC (see README.md)`);
} catch (error) {
  if (!aborted.signal.aborted) {
    endProgress();
    console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
} finally {
  await clean();
}

/** One line that changes on a terminal; a line every ten steps elsewhere. */
function showProgress(optimizer: string, point: MetricPoint, accuracy: number | undefined): void {
  const left = Math.round((point.totalSteps - point.step) * (point.stepSeconds ?? 0));
  const parts = [
    `${optimizer.padEnd(8)} step ${String(point.step).padStart(3)}/${point.totalSteps}`,
    `loss ${(point.loss ?? Number.NaN).toFixed(3)}`,
    `accuracy ${accuracy === undefined ? `${(point.accuracy ?? Number.NaN).toFixed(2)} (batch)` : `${accuracy.toFixed(3)} (validation)`}`,
    `${Math.round(point.tokensPerSecond ?? 0)} tokens/s`,
    `${left} s left`,
  ];
  const line = parts.join("  ");
  // A line that is wider than the terminal would be wrapped, and then not be replaced.
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${line.slice(0, (process.stderr.columns || 80) - 1)}`);
  else if (point.step % 10 === 0 || point.step === point.totalSteps) process.stderr.write(`${line}\n`);
}

function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write("\n");
}

function table(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ optimizer, learningRate, accuracy, seconds }) => [
    optimizer,
    String(learningRate),
    accuracy.estimate.toFixed(3),
    `[${(accuracy.lower ?? Number.NaN).toFixed(3)}, ${(accuracy.upper ?? Number.NaN).toFixed(3)}]`,
    `${seconds.toFixed(1)} s`,
  ]);
  const head = ["optimizer", "learning rate", "accuracy", "95% interval (Wilson)", "training"];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return ["", line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
