import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { once } from "node:events";
import { finished } from "node:stream/promises";
import { decodeExamples } from "#core/datasets/encodeExamples.js";
import type { Example } from "#core/datasets/example.js";
import { evaluationRows } from "#core/datasets/evaluationRows.js";
import { splitDigest } from "#core/datasets/splitDigest.js";
import {
  classificationMetrics,
  completionColumns,
  completionMetrics,
  completionOutcome,
  type CompletionOutcome,
  regressionMetrics,
} from "#core/evaluations/evaluationMetrics.js";
import type { PredictionMetrics } from "#core/evaluations/evaluation.js";
import { FaultError } from "#core/fault.js";
import { quote } from "#core/quote.js";
import { describeFailure } from "#engine/describeFailure.js";
import { predict, predictCompletions } from "#engine/prediction/predict.js";
import { runnerMain } from "#platform/runnerProcess.js";
import { meter, startTelemetry, withTraceparent } from "#platform/telemetry.js";
import type { RunnerInput, RunnerMessage } from "../runnerProtocol.js";

// Predicts one split with one checkpoint: the only process of the evaluator that loads the engine.

await runnerMain(async (raw, { send: tell, shouldStop, signal }) => {
  const input = raw as RunnerInput;
  // The channel keeps order: once the last message has left, all have.
  let sent = Promise.resolve();
  const send = (message: RunnerMessage) => void (sent = tell(message));
  const telemetry = startTelemetry("stepwire-evaluation-runner");
  await telemetry.ready.catch(() => undefined);
  try {
    await withTraceparent(input.traceparent, "evaluate", { "stepwire.split": input.split }, async () => {
      const started = performance.now();
      const examples = await readExamples(input);
      let predicted = 0;
      const { metrics, rows } = await measure(input, examples, shouldStop, (count) => {
        predicted += count;
        send({ type: "progress", examples: predicted, totalExamples: examples.length });
      });
      meter().createCounter("stepwire.evaluation.examples").add(examples.length);
      await writeLines(input.predictionsFile, rows);
      send({
        type: "done",
        metrics: {
          ...metrics,
          splitDigest: splitDigest(examples, input.classes),
          weightsDigest: input.weightsDigest,
          predictions: input.predictionsFile,
          seconds: (performance.now() - started) / 1000,
        },
      });
    });
  } catch (error) {
    // What ended because it was asked to has not failed.
    if (!signal.aborted) {
      const { error: described, log } = describeFailure(error);
      // The supervisor writes what comes here into the service's log.
      if (log !== undefined) process.stderr.write(`${log}\n`);
      send({ type: "failed", error: described });
    }
  } finally {
    await sent;
    // A collector that is away must not turn a result into a failure.
    await telemetry.shutdown().catch(() => undefined);
  }
});

/** Predicts what the job's task asks for. @param onProgress told how many examples more are done */
async function measure(
  { spec, checkpointFolder, classes, intervals }: RunnerInput,
  examples: readonly Example[],
  shouldStop: () => boolean,
  onProgress: (examples: number) => void,
): Promise<{ metrics: PredictionMetrics; rows: Iterable<object> }> {
  const input = { checkpointFolder, examples, maxLength: spec.maxLength, shouldStop };
  if (spec.task === "causal_lm") {
    const outcomes: CompletionOutcome[] = [];
    await predictCompletions(input, (batch) => {
      for (const { index, losses, correct } of batch) outcomes[index] = completionOutcome(losses, correct);
      onProgress(batch.length);
    });
    checkFinite(outcomes.map(({ loss }) => [loss]));
    return {
      metrics: completionMetrics(completionColumns(outcomes), intervals),
      rows: outcomes.map((outcome, index) => ({ index, ...outcome })),
    };
  }
  const outputs: number[][] = [];
  await predict(input, (batch) => {
    for (const { index, logits } of batch) outputs[index] = logits;
    onProgress(batch.length);
  });
  checkFinite(outputs);
  const labels = examples.map(({ label }) => label);
  if (spec.task === "regression") {
    const rows = outputs.map(([predicted = Number.NaN], index) => ({ index, target: labels[index] ?? Number.NaN, predicted }));
    const errors = Float64Array.from(rows, ({ target, predicted }) => (predicted - target) ** 2);
    return { metrics: regressionMetrics(errors, intervals), rows };
  }
  const predictions = outputs.map((logits, index) => ({ label: labels[index] ?? -1, logits }));
  return classificationMetrics(predictions, classes, intervals);
}

async function readExamples({ spec, split, splitFiles }: RunnerInput): Promise<Example[]> {
  const read = async (name: string) => {
    const file = splitFiles[name];
    if (file !== undefined) return decodeExamples(await readFile(file));
    throw new FaultError([
      { field: "evaluation.split", reason: "NOT_FOUND", description: `the job's data set has no split ${quote(name)}` },
    ]);
  };
  return await evaluationRows(split, spec.dataset, spec.seed, read, spec.task === "classification");
}

/** A class picked from outputs that are not numbers would look like an accuracy. */
function checkFinite(outputs: readonly (readonly number[])[]): void {
  const broken = outputs.findIndex((numbers) => !numbers.every(Number.isFinite));
  if (broken < 0) return;
  const description = `the checkpoint's outputs for example ${broken} are not finite: its training diverged`;
  throw new FaultError([{ field: "evaluation.training_job", reason: "NOT_FINITE", description }]);
}

async function writeLines(path: string, rows: Iterable<object>): Promise<void> {
  const file = createWriteStream(path);
  for (const row of rows) if (!file.write(`${JSON.stringify(row)}\n`)) await once(file, "drain");
  file.end();
  await finished(file);
}
