import { metricFacts } from "../comparisons/comparisonMetrics.js";
import { brierScore } from "../statistics/brier.js";
import { binomialInterval } from "../statistics/binomialInterval.js";
import { calibrationInterval } from "../statistics/calibrationInterval.js";
import { clusteredInterval } from "../statistics/clusteredInterval.js";
import { confusionInterval, type confusionMetrics } from "../statistics/confusionMetrics.js";
import { classMetrics } from "../statistics/f1.js";
import type { Interval } from "../statistics/interval.js";
import { mostScores, rocAucInterval } from "../statistics/rocAuc.js";
import { within } from "../statistics/within.js";
import type { IntervalSettings, PredictionMetrics } from "./evaluation.js";
import { bootstrapOptions, lossInterval, withoutGroups } from "./metricIntervals.js";

/** What a model made of one example. */
export interface ClassPrediction {
  /** True class id. */
  label: number;
  /** Predicted class id. */
  predicted: number;
  /** One a class; given for all examples or for none. */
  probabilities?: ArrayLike<number>;
  /** Cross entropy in nats; from the probability of the true class when left out. */
  loss?: number;
}

/** Takes predicted classes one by one. */
export interface ClassPredictions {
  /** As many times as was said. */
  add(prediction: ClassPrediction): void;
  /**
   * Accuracy, F1 and the like, with intervals; of predictions with probabilities loss, Brier score, calibration and ROC AUC too.
   * @param groups which group each example is of, where examples of one are alike: means get clustered intervals, other metrics none
   */
  metrics(settings: IntervalSettings, groups?: ArrayLike<number>): PredictionMetrics;
}

/**
 * Keeps what metrics need, in columns: up to 24 bytes an example, and 8 for each class's score.
 * @param examples how many there will be
 * @param classes label names, in the order of their ids
 */
export function classPredictions(examples: number, classes: readonly string[]): ClassPredictions {
  const size = classes.length;
  const labels = new Uint16Array(examples);
  const matrix = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const isRight = new Uint8Array(examples);
  let probable: ReturnType<typeof probabilityColumns> | undefined;
  let added = 0;
  return {
    add({ label, predicted, probabilities, loss }) {
      const row = matrix[label] as number[];
      row[predicted] = (row[predicted] ?? 0) + 1;
      labels[added] = label;
      isRight[added] = label === predicted ? 1 : 0;
      if (probabilities) {
        probable ??= probabilityColumns(examples, size);
        probable.add(added, label, predicted, probabilities, loss ?? -Math.log(probabilities[label] as number));
      }
      added++;
    },
    metrics(settings, groups) {
      const correct = isRight.reduce((sum, right) => sum + right, 0);
      const options = bootstrapOptions(settings);
      const independent = (interval: Interval) => (groups ? withoutGroups(interval) : interval);
      const ofMatrix = (name: keyof typeof confusionMetrics) => independent(confusionInterval(matrix, name, options));
      return {
        examples,
        correct,
        accuracy: groups
          ? within(clusteredInterval(isRight, groups, settings.level), metricFacts.accuracy.range)
          : binomialInterval(correct, examples, settings.level, settings.interval),
        macroF1: ofMatrix("macro_f1"),
        microF1: ofMatrix("micro_f1"),
        matthewsCorrelation: ofMatrix("matthews_correlation"),
        balancedAccuracy: ofMatrix("balanced_accuracy"),
        ...(probable && {
          ...withLoss(within(lossInterval(probable.losses, settings, groups), metricFacts.loss.range)),
          brier: within(lossInterval(probable.briers, settings, groups), metricFacts.brier.range),
          calibrationError: independent(calibrationInterval(probable.confidences, isRight, options)),
          rocAuc: independent(rocAuc(labels, probable.scores, size, settings.level)),
        }),
        classes: [...classes],
        confusionMatrix: matrix,
        classMetrics: classMetrics(matrix).map((metrics, index) => ({ label: classes[index] ?? String(index), ...metrics })),
      };
    },
  };
}

/** A loss as metrics show it. */
export interface Loss {
  loss: number;
  lossInterval: Interval;
}

export function withLoss(interval: Interval): Loss {
  return { loss: interval.estimate, lossInterval: interval };
}

function probabilityColumns(examples: number, size: number) {
  const column = () => new Float64Array(examples);
  const [losses, briers, confidences] = [column(), column(), column()];
  // Of two classes the scores of one say all.
  const ranked = size === 2 ? [1] : Array.from({ length: size }, (_, id) => id);
  const scores = ranked.length * examples <= mostScores ? ranked.map(column) : undefined;
  return {
    ...{ losses, briers, confidences, scores },
    add(index: number, label: number, predicted: number, probabilities: ArrayLike<number>, loss: number) {
      losses[index] = loss;
      briers[index] = brierScore(probabilities, label);
      confidences[index] = probabilities[predicted] as number;
      for (const [place, id] of ranked.entries()) if (scores) (scores[place] as Float64Array)[index] = probabilities[id] as number;
    },
  };
}

function rocAuc(labels: ArrayLike<number>, scores: readonly Float64Array[] | undefined, size: number, level: number): Interval {
  if (scores) return rocAucInterval(labels, scores, level);
  const unavailable = `${labels.length} examples of ${size} classes have more than ${mostScores} scores, the most that are ranked`;
  return { estimate: Number.NaN, level, method: "delong", about: "examples", unavailable };
}
