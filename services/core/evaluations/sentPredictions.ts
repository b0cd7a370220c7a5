import { createHash } from "node:crypto";
import type { FaultCollector } from "../datasets/faultCollector.js";
import type { TrainingTask } from "../jobs/trainingJob.js";
import { argmax } from "../statistics/argmax.js";
import { classPredictions } from "./classPredictions.js";
import type { IntervalSettings, PredictionMetrics } from "./evaluation.js";
import { completionMetrics, regressionMetrics } from "./evaluationMetrics.js";
import { type ColumnName, columnNames, type PredictionColumns, sentLimits, sumTolerance, taskColumns } from "./predictionColumns.js";

/** What predictions are of. */
export interface SentSource {
  task: TrainingTask;
  /** Of which examples. */
  dataset: string;
  /** Empty unless classes are predicted. */
  classes: readonly string[];
}

/** Checks predictions that were made elsewhere and measures them. */
export interface SentPredictions {
  /**
   * The next rows.
   * @returns the lines to store: JSON, one a row, like those of predictions that were made here
   */
  add(batch: PredictionColumns): string;
  /** @throws RangeError unless all rows came, without fault */
  finish(settings: IntervalSettings): { metrics: PredictionMetrics; truthDigest: string; digest: string };
}

/** Takes one row after another. */
interface TaskRows {
  /** @returns the row to store, without its index; undefined where it has a fault */
  add(batch: PredictionColumns, place: number, index: number): string | undefined;
  metrics(settings: IntervalSettings, groups: Uint32Array | undefined): PredictionMetrics;
}

/**
 * @param examples how many rows there will be
 * @param columns what they have, as `taskColumns` says
 * @param faults where faults of rows go
 */
export function sentPredictions(
  examples: number,
  columns: readonly ColumnName[],
  source: SentSource,
  faults: FaultCollector,
): SentPredictions {
  const rows = taskRows(examples, source, faults);
  const hashes = new Map(columnNames.filter((name) => columns.includes(name)).map((name) => [name, createHash("sha256")]));
  const groups = columns.includes("groups") ? new Uint32Array(examples) : undefined;
  const seen = new Set<number>();
  let next = 0;
  return {
    add(batch) {
      for (const [name, hash] of hashes) hash.update(batch[name] as Uint32Array);
      if (groups && batch.groups) {
        groups.set(batch.groups, next);
        const before = seen.size;
        for (const group of batch.groups) if (seen.size <= sentLimits.groups) seen.add(group);
        if (before <= sentLimits.groups && seen.size > sentLimits.groups)
          faults.add(
            "rows.groups",
            "TOO_MANY_GROUPS",
            `there are more than ${sentLimits.groups} groups, the most that predictions may have`,
          );
      }
      const count = (batch[taskColumns[source.task].truth] as Uint32Array).length;
      let lines = "";
      for (let place = 0; place < count; place++, next++) {
        const row = rows.add(batch, place, next);
        const group = batch.groups ? `,"group":${batch.groups[place]}` : "";
        if (row !== undefined) lines += `{"index":${next},${row}${group}}\n`;
      }
      return lines;
    },
    finish(settings) {
      if (next !== examples || faults.count() > 0)
        throw new RangeError(`${next} of ${examples} rows came, ${faults.count()} faults among them`);
      const digests = [...hashes].map(([name, hash]) => [name, hash.digest("hex")] as const);
      const { truth } = taskColumns[source.task];
      return {
        metrics: rows.metrics(settings, groups),
        truthDigest: digestOf([source, digests.filter(([name]) => name === truth || name === "groups")]),
        digest: digestOf([source, digests]),
      };
    },
  };
}

function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value), "utf8").digest("hex");
}

function taskRows(examples: number, { task, classes }: SentSource, faults: FaultCollector): TaskRows {
  if (task === "classification") return classRows(examples, classes, faults);
  return task === "regression" ? numberRows(examples, faults) : completionRows(examples, faults);
}

function classRows(examples: number, classes: readonly string[], faults: FaultCollector): TaskRows {
  const collected = classPredictions(examples, classes);
  const size = classes.length;
  const checkClass = (id: number, index: number, name: string) => {
    if (id >= size) faults.add(`rows[${index}].${name}`, "OUT_OF_RANGE", `${id} is not a class; allowed: 0 to ${size - 1}`);
    return id < size;
  };
  return {
    add({ labels, predicted, probabilities }, place, index) {
      const own = probabilities?.subarray(place * size, (place + 1) * size);
      const label = labels?.[place] as number;
      const guess = predicted ? (predicted[place] as number) : argmax(own ?? []);
      const isFine = [
        checkClass(label, index, "label"),
        checkClass(guess, index, "predicted"),
        !own || checkProbabilities(own, index, faults),
      ].every(Boolean);
      if (!isFine) return undefined;
      collected.add({ label, predicted: guess, ...(own && { probabilities: own }) });
      return `"label":${label},"predicted":${guess}${own ? `,"probabilities":[${own.join(",")}]` : ""}`;
    },
    metrics: (settings, groups) => collected.metrics(settings, groups),
  };
}

function checkProbabilities(own: Uint32Array | Float64Array, index: number, faults: FaultCollector): boolean {
  const field = `rows[${index}].probabilities`;
  let sum = 0;
  for (let id = 0; id < own.length; id++) {
    const probability = own[id] as number;
    sum += probability;
    if (probability >= 0 && probability <= 1) continue;
    faults.add(`${field}[${id}]`, "OUT_OF_RANGE", `${probability} is not a probability; allowed: 0 to 1`);
    return false;
  }
  if (Math.abs(sum - 1) <= sumTolerance) return true;
  faults.add(field, "NOT_A_DISTRIBUTION", `add up to ${sum}; allowed: 1, within ${sumTolerance}`);
  return false;
}

function numberRows(examples: number, faults: FaultCollector): TaskRows {
  const squares = new Float64Array(examples);
  const check = (value: number, index: number, name: string) => {
    if (!Number.isFinite(value)) faults.add(`rows[${index}].${name}`, "NOT_FINITE", `is ${value}; allowed: finite numbers`);
    return Number.isFinite(value);
  };
  return {
    add({ targets, predicted_numbers: numbers }, place, index) {
      const [target, predicted] = [targets?.[place] as number, numbers?.[place] as number];
      if (![check(target, index, "target"), check(predicted, index, "predicted_number")].every(Boolean)) return undefined;
      squares[index] = (predicted - target) ** 2;
      return `"target":${target},"predicted":${predicted}`;
    },
    metrics: (settings, groups) => regressionMetrics(squares, settings, groups),
  };
}

function completionRows(examples: number, faults: FaultCollector): TaskRows {
  const all = { losses: new Float64Array(examples), tokens: new Uint32Array(examples), correct: new Uint32Array(examples) };
  return {
    add({ losses, tokens, correct_tokens: right }, place, index) {
      const [loss, count, correct] = [losses?.[place] as number, tokens?.[place] as number, right?.[place] as number];
      const before = faults.count();
      const fault = (name: string, description: string) => faults.add(`rows[${index}].${name}`, "OUT_OF_RANGE", description);
      if (!(loss >= 0 && loss < Infinity))
        fault("loss", `is ${loss}; allowed: a finite number from 0, the sum over the completion's tokens`);
      if (count < 1) fault("tokens", `is ${count}; allowed: at least 1`);
      if (correct > count) fault("correct_tokens", `is ${correct}; allowed: at most the row's ${count} tokens`);
      if (faults.count() > before) return undefined;
      all.losses[index] = loss;
      all.tokens[index] = count;
      all.correct[index] = correct;
      return `"loss":${loss},"tokens":${count},"correct":${correct}`;
    },
    metrics: (settings, groups) => completionMetrics(all, settings, groups),
  };
}
