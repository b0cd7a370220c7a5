import type { TrainingTask } from "../jobs/trainingJob.js";
import { brierScore } from "../statistics/brier.js";
import { largestSize } from "../statistics/beyondRounding.js";
import { mostScores, rocAucValues } from "../statistics/rocAuc.js";
import { type ComparisonMetric, metricFacts } from "./comparisonMetrics.js";
import type { MeanOutcomes, Outcomes } from "./outcomes.js";

/** What was stored of one evaluation. */
export interface StoredPredictions {
  task: TrainingTask;
  /** How many rows there are. */
  examples: number;
  /** Whether each row names the group of alike examples that it is of. */
  grouped?: boolean;
  classes: number;
}

/** Takes stored predictions row by row, in the order of the examples. */
export interface OutcomeCollector {
  /** @throws RangeError for a row that is none, or not the next one */
  add(row: unknown): void;
  /** @throws RangeError when rows are missing */
  finish(): CollectedOutcomes;
}

/** What was collected of one evaluation. */
export interface CollectedOutcomes {
  outcomes: Outcomes;
  truth: ArrayLike<number>;
  /** The group of each example, where they came in groups. */
  clusters?: ArrayLike<number>;
}

const truthNames: Readonly<Record<TrainingTask, string>> = { classification: "label", regression: "target", causal_lm: "tokens" };

type Row = Readonly<Record<string, unknown>>;

/**
 * Turns stored predictions into what a metric needs of them, and into the truth, which is the same for evaluations of the same examples: class ids or
 * numbers; of completions how many tokens each has, which the same tokenizer makes of the same texts.
 */
export function outcomeCollector({ task, examples, classes, grouped }: StoredPredictions, metric: ComparisonMetric): OutcomeCollector {
  const truth = new Float64Array(examples);
  const clusters = grouped ? new Float64Array(examples) : undefined;
  const [outcomes, write, complete] =
    task === "causal_lm"
      ? completions(examples, metric)
      : metric === "roc_auc"
        ? ranks(examples, classes)
        : metricFacts[metric].ofClasses
          ? ofClasses(examples, classes)
          : means(examples, task, metric);
  let next = 0;
  return {
    add(row) {
      const fields = row as Row;
      if (typeof row !== "object" || row === null || fields["index"] !== next || next >= examples)
        throw new RangeError(`row ${next} of ${examples} is not a prediction of that example`);
      truth[next] = number(fields, truthNames[task], next);
      if (clusters) clusters[next] = number(fields, "group", next);
      write(fields, next);
      next++;
    },
    finish() {
      if (next !== examples) throw new RangeError(`there are ${next} rows; ${examples} are needed`);
      complete?.(truth);
      return { outcomes, truth, ...(clusters && { clusters }) };
    },
  };
}

/** Outcomes, what writes a row into them, and what is left to do when all rows are there and the truth is known. */
type Written = [Outcomes, (row: Row, index: number) => void, ((truth: Float64Array) => void)?];

function means(examples: number, task: TrainingTask, metric: ComparisonMetric): Written {
  const values = metric === "accuracy" ? new Uint8Array(examples) : new Float64Array(examples);
  const outcomes: MeanOutcomes = { kind: "mean", values };
  // Squared errors have a largest one that was seen; what a wrong class may cost is known better.
  const finish = () => {
    if (task === "regression") outcomes.range = { least: 0, most: largestSize(values) };
  };
  const write = (row: Row, index: number) => {
    if (metric === "accuracy") values[index] = Number(number(row, "label", index) === number(row, "predicted", index));
    else if (metric === "brier") values[index] = brierScore(probabilitiesOf(row, index), number(row, "label", index));
    else if (task === "regression") values[index] = (number(row, "predicted", index) - number(row, "target", index)) ** 2;
    else values[index] = crossEntropy(row, index);
  };
  return [outcomes, write, finish];
}

function ofClasses(examples: number, classes: number): Written {
  const [labels, predicted] = [new Int32Array(examples), new Int32Array(examples)];
  const write = (row: Row, index: number) => {
    labels[index] = number(row, "label", index);
    predicted[index] = number(row, "predicted", index);
  };
  return [{ kind: "classes", labels, predicted, classes }, write];
}

function completions(examples: number, metric: ComparisonMetric): Written {
  const [sums, counts] = [new Float64Array(examples), new Float64Array(examples)];
  const write = (row: Row, index: number) => {
    sums[index] = number(row, metric === "accuracy" ? "correct" : "loss", index);
    counts[index] = number(row, "tokens", index);
  };
  return [{ kind: "ratio", sums, counts }, write];
}

/** Of a model's scores: the values whose mean is the area under the curve. */
function ranks(examples: number, classes: number): Written {
  const ranked = classes === 2 ? [1] : Array.from({ length: classes }, (_, id) => id);
  if (ranked.length * examples > mostScores)
    throw new RangeError(`${examples} examples of ${classes} classes have more than ${mostScores} scores, the most that are ranked`);
  const scores = ranked.map(() => new Float64Array(examples));
  const outcomes: MeanOutcomes = { kind: "mean", values: [] };
  const write = (row: Row, index: number) => {
    const probabilities = probabilitiesOf(row, index);
    for (const [place, id] of ranked.entries()) (scores[place] as Float64Array)[index] = probabilities[id] ?? Number.NaN;
  };
  const rank = (labels: Float64Array) => {
    const found = rocAucValues(labels, scores);
    if (!found) throw new RangeError("there are no two classes with examples: nothing can be ranked");
    Object.assign(outcomes, found);
  };
  return [outcomes, write, rank];
}

function probabilitiesOf(row: Row, index: number): readonly number[] {
  const { probabilities } = row;
  if (!Array.isArray(probabilities)) throw new RangeError(`row ${index} has no probabilities`);
  return probabilities as number[];
}

/** From the stored probability of the true class. */
function crossEntropy(row: Row, index: number): number {
  const probability: unknown = probabilitiesOf(row, index)[number(row, "label", index)];
  if (typeof probability !== "number") throw new RangeError(`row ${index} has no probability of its class`);
  // Of logits hundreds apart; their difference itself is not stored.
  if (probability === 0) throw new RangeError(`row ${index} has the probability 0 of its true class: its loss is not finite`);
  return -Math.log(probability);
}

function number(row: Row, name: string, index: number): number {
  const value = row[name];
  if (typeof value !== "number") throw new RangeError(`row ${index} has no number "${name}"`);
  return value;
}
