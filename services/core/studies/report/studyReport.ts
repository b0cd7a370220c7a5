import type { Verdict } from "../../comparisons/comparison.js";
import type { HyperparameterValue } from "../../jobs/trainingJob.js";
import type { CrossedComponents } from "../../statistics/crossedMean.js";
import type { Interval } from "../../statistics/interval.js";
import type { TuningNoise } from "../tuningNoise.js";
import type { KeptOutcomes } from "./keptOutcomes.js";
import type { RunPhase, StudyDeclaration, StudyPurpose } from "../study.js";

/** Everything that a study found. Its JSON form has snake_case keys. */
export interface StudyReport {
  /** Raised when the meaning or place of a field changes. */
  schemaVersion: 1;
  study: { id: string; uid: string; title: string; purpose: StudyPurpose; createTime: string; endTime: string; declarationDigest: string };
  declaration: StudyDeclaration;
  /** What the verdicts are about: the metric, which way is better, and on how many examples it was measured. */
  metric: { name: string; higherIsBetter: boolean; testSplit: string; examples: number; splitDigest: string };
  /** In the order of the declaration. */
  arms: ArmReport[];
  /** One for each pair that was declared. */
  pairs: PairReport[];
  /** Where the variance of outcomes comes from. */
  variance?: VarianceReport;
  /** Arms that agree on every example with every seed, in groups: what is found of one is found of the others. */
  alike: string[][];
  outcomes: KeptOutcomes;
  ledger: FairnessLedger;
  /** What a reader has to know before believing anything above, in sentences. */
  notes: string[];
}

/** One arm: what was chosen for it and what it reached. */
export interface ArmReport {
  name: string;
  description: string;
  optimizer: string;
  ablationOf?: string;
  /** The searched hyperparameters of the chosen trial; missing when every trial failed. */
  chosen?: Record<string, HyperparameterValue>;
  trials: TrialReport[];
  /** How far the chosen trial was ahead of the second, and how far that hangs on chance; missing where fewer than two trials have a value. */
  tuningNoise?: TuningNoise;
  seeds: SeedReport[];
  /** Mean of the metric over seeds. */
  result: Interval;
  /** Interquartile mean over seeds. */
  interquartileMean?: Interval;
  /** Standard deviation of the metric over seeds; missing with one seed, and where a final run failed: that of the others would be too small. */
  seedDeviation?: number;
  claimed?: { value: number; source: string };
  /** Over training steps, of the final runs that succeeded. */
  curves: { loss: CurvePoint[]; validation: CurvePoint[] };
  /** Mean over the final runs that succeeded, like `peakMemoryBytes`. */
  secondsPerStep?: number;
  peakMemoryBytes?: number;
}

/** One trial of a search, on the validation split. */
export interface TrialReport {
  trial: number;
  hyperparameters: Record<string, HyperparameterValue>;
  /** Mean over the tuning seeds of the tuning metric; missing when a run failed. */
  value?: number;
  chosen: boolean;
  /** Why a run failed. */
  failure?: string;
  trainingJobs: string[];
}

/** One final run, on the test split. */
export interface SeedReport {
  seed: number;
  /** Of the study's metric. */
  value?: number;
  trainingJob: string;
  evaluation?: string;
  weightsDigest?: string;
  failure?: string;
}

/** A mean over seeds at one step, and its band. */
export interface CurvePoint {
  step: number;
  mean: number;
  /** Student's t interval over seeds; missing with one seed or equal values, and where a seed has no point at this step. */
  lower?: number;
  upper?: number;
  seeds: number;
}

/** Two arms, and whether they differ. */
export interface PairReport {
  first: string;
  second: string;
  /** First less second, in the metric's unit. */
  difference: Interval;
  /** The same at a level at which the intervals of all pairs hold the truth together; missing where there is one pair. */
  simultaneousDifference?: Interval;
  /** Of the difference, were seeds and examples drawn anew; missing where no variance was seen. */
  standardError?: number;
  /** Of the mean squares of seeds and of examples, which the test is made from. */
  degreesOfFreedom?: { seeds: number; examples: number };
  /** Of the differences, by the method of moments. */
  components?: CrossedComponents;
  test: string;
  /** Missing, like all that a verdict rests on, in a demonstration, which supports none. */
  pValue?: number;
  /** Corrected for the number of pairs. */
  correctedP?: number;
  equivalenceP?: number;
  /** Cohen's h, where the metric is a share. */
  effectSize?: Interval;
  minimumDetectableDifference?: number;
  /** That a training of the first does better than one of the second, over their seeds. */
  probabilityOfImprovement?: Interval;
  /** What would settle a pair without a verdict with the probability `power`, in the place of what there is; neither where nothing is known to. */
  needed?: { examples?: number; seeds?: number; power: number };
  /** Of the first against the second. */
  verdict?: Verdict;
  /** In plain words, with what is still needed. */
  reason?: string;
  /** Whether the second lacks an element of the first: then this is the effect of that element. */
  isAblation: boolean;
}

/** Standard deviations of one evaluation's outcome, by where they come from. */
export interface VarianceReport {
  estimator: string;
  /** `reml`: by restricted maximum likelihood, never below 0. */
  components: { name: string; variance: number; share?: number; negative: boolean; reml: number }[];
}

/** What was the same for all arms, what was not, and what each was given. */
export interface FairnessLedger {
  equal: { name: string; value: string }[];
  different: { name: string; why: string; values: { arm: string; value: string }[] }[];
  compute: {
    arm: string;
    phase: RunPhase;
    runs: number;
    failed: number;
    trainSeconds: number;
    tokens: number;
  }[];
}
