import type { Comparison, PairComparison } from "../../comparisons/comparison.js";
import { compareGroups } from "../../comparisons/compareGroups.js";
import { estimateMetric, metricFacts } from "../../comparisons/comparisonMetrics.js";
import { linearise } from "../../comparisons/linearise.js";
import { exampleCount } from "../../comparisons/outcomes.js";
import { remlComponents, type VarianceComponents } from "../../statistics/remlComponents.js";
import { improvementInterval } from "../../statistics/scoresOverSeeds.js";
import { crossedMean } from "../../statistics/crossedMean.js";
import type { StudyRecord } from "../study.js";
import { armReport, isWhole, seedBootstrap } from "./armReport.js";
import { alikeArms, keptOutcomes } from "./keptOutcomes.js";
import { fairnessLedger } from "./fairnessLedger.js";
import type { RunOutcome, RunSettings, TestEvaluation } from "./runOutcome.js";
import type { ArmReport, PairReport, StudyReport, VarianceReport } from "./studyReport.js";
import { studyNotes } from "./studyNotes.js";

/** What a report is made from. */
export interface StudyFindings {
  study: StudyRecord;
  /** ISO 8601. */
  endTime: string;
  /** The final runs that have succeeded. */
  finals: readonly RunOutcome[];
  /** Of the jobs of all runs. */
  settings: readonly RunSettings[];
  /** All that there are of the study's models on the test split. */
  evaluations?: readonly TestEvaluation[];
}

/** Compares what a study's final runs came to, and puts down all that a reader needs to judge it. */
export function buildStudyReport({ study, endTime, finals, settings, evaluations }: StudyFindings): StudyReport {
  const { declaration } = study;
  const { metric, testSplit, level } = declaration;
  const digests = new Set(finals.map(({ splitDigest }) => splitDigest));
  if (digests.size > 1) throw new RangeError(`the final runs were evaluated on ${digests.size} different test splits`);
  const facts = metricFacts[metric];
  const arms = declaration.arms.map((arm) => armReport(study, arm, finals));
  const pairs = comparePairs(study, finals);
  const variance = pooledVariance(study, finals);
  const report = {
    schemaVersion: 1 as const,
    study: {
      id: study.id,
      uid: study.uid,
      title: declaration.title || study.id,
      purpose: declaration.purpose,
      createTime: study.createTime,
      endTime,
      declarationDigest: study.declarationDigest,
    },
    declaration,
    metric: {
      name: metric,
      higherIsBetter: facts.higherIsBetter,
      testSplit,
      examples: finals[0] ? exampleCount(finals[0].outcomes) : 0,
      splitDigest: finals[0]?.splitDigest ?? "",
    },
    arms: arms.map((arm) => ({ ...arm, result: { ...arm.result, level } })),
    pairs,
    ...(variance && { variance }),
    alike: alikeArms(
      finals,
      arms.filter(({ name }) => isWhole(study, name, finals)).map(({ name }) => name),
    ),
    outcomes: keptOutcomes(finals),
    ledger: fairnessLedger(study, settings, evaluations),
  };
  return { ...report, notes: studyNotes(report) };
}

/** The declared pairs: the contrasts, or each arm with the reference, or with every other; and each ablation with the arm that it is of. */
function declaredPairs({
  arms,
  reference,
  contrasts,
}: Pick<StudyRecord["declaration"], "arms" | "reference" | "contrasts">): [string, string][] {
  const names = arms.map(({ name }) => name);
  const main = contrasts
    ? contrasts.map(({ first, second }): [string, string] => [first, second])
    : reference === undefined
      ? names.flatMap((first, index) => names.slice(index + 1).map((second): [string, string] => [first, second]))
      : names.filter((name) => name !== reference).map((name): [string, string] => [name, reference]);
  const ablations = arms.flatMap(({ name, ablationOf }): [string, string][] => (ablationOf === undefined ? [] : [[ablationOf, name]]));
  // An ablation is told as what its element does, so it takes the place of the same pair the other way round.
  const isAblation = ([first, second]: [string, string]) =>
    ablations.some(([whole, part]) => (whole === first && part === second) || (whole === second && part === first));
  return [...main.filter((pair) => !isAblation(pair)), ...ablations];
}

function comparePairs(study: StudyRecord, finals: readonly RunOutcome[]): PairReport[] {
  const { declaration } = study;
  const whole = declaration.arms.filter(({ name }) => isWhole(study, name, finals));
  const names = new Set(whole.map(({ name }) => name));
  const pairs = declaredPairs(declaration).filter(([first, second]) => names.has(first) && names.has(second));
  if (pairs.length === 0) return [];
  const groups = whole.map(({ name }) => ({
    name,
    // Rows of two groups are paired by their seed.
    evaluations: declaration.seeds.flatMap((seed) =>
      finals.filter(({ run }) => run.arm === name && run.seed === seed).map(({ outcomes }) => outcomes),
    ),
  }));
  const { metric, margin, level, correction } = declaration;
  const { higherIsBetter } = metricFacts[metric];
  const scores = new Map(
    groups.map(({ name, evaluations }) => [
      name,
      evaluations.map((outcomes) => (higherIsBetter ? 1 : -1) * estimateMetric(metric, outcomes)),
    ]),
  );
  const improvement = (first: string, second: string) =>
    declaration.seeds.length > 1 && {
      probabilityOfImprovement: improvementInterval([scores.get(first) ?? []], [scores.get(second) ?? []], seedBootstrap(level)),
    };
  const comparison: Comparison = compareGroups(groups, { metric, margin, level, correction, pairs });
  return comparison.pairs.map((pair): PairReport => {
    const { first, second, difference, simultaneousDifference, standardError, components, test } = pair;
    const { effectSize, minimumDetectableDifference } = pair;
    const isAblation = declaration.arms.some((arm) => arm.name === second && arm.ablationOf === first);
    return {
      ...{ first, second, difference, test, isAblation },
      ...(simultaneousDifference && { simultaneousDifference }),
      ...(standardError !== undefined && { standardError }),
      ...(components && { components, degreesOfFreedom: { seeds: declaration.seeds.length - 1, examples: comparison.examples - 1 } }),
      ...improvement(first, second),
      ...(effectSize && { effectSize }),
      ...(minimumDetectableDifference !== undefined && { minimumDetectableDifference }),
      ...(declaration.purpose === "comparison" && judgement(pair)),
    };
  });
}

/** A pair's verdict and all that it rests on. */
function judgement({ pValue, correctedP, correctedEquivalenceP, needed, verdict, reason }: PairComparison): Partial<PairReport> {
  return {
    ...{ pValue, correctedP },
    ...(correctedEquivalenceP !== undefined && { equivalenceP: correctedEquivalenceP }),
    ...(needed && {
      needed: {
        ...(needed.examples !== undefined && { examples: needed.examples }),
        ...(needed.seeds !== undefined && { seeds: needed.seeds }),
        power: needed.power,
      },
    }),
    ...{ verdict, reason: needed ? `${reason} ${needed.what}` : reason },
  };
}

/** Mean of the arms' components: each arm has the same seeds and examples. */
function pooledVariance(study: StudyRecord, finals: readonly RunOutcome[]): VarianceReport | undefined {
  const means = study.declaration.arms
    .filter(({ name }) => isWhole(study, name, finals))
    .flatMap(
      ({ name }) =>
        crossedMean(
          finals.filter(({ run }) => run.arm === name).map(({ outcomes }) => linearise(study.declaration.metric, outcomes).values),
        ) ?? [],
    );
  if (means.length === 0) return undefined;
  const restricted = means.map(remlComponents);
  const average = (of: readonly VarianceComponents[], name: keyof VarianceComponents) =>
    of.reduce((sum, components) => sum + components[name], 0) / of.length;
  const parts = (
    [
      ["training seeds", "seedVariance"],
      ["examples", "exampleVariance"],
      ["seeds with examples, and chance", "residualVariance"],
    ] as const
  ).map(([name, of]) => ({ name, variance: average(means, of), reml: average(restricted, of) }));
  const total = parts.reduce((sum, { variance }) => sum + Math.max(0, variance), 0);
  return {
    estimator: "method of moments, and restricted maximum likelihood (REML), seeds crossed with examples, mean over arms",
    components: parts.map(({ name, variance, reml }) => ({
      ...{ name, variance, negative: variance < 0, reml },
      ...(variance >= 0 && total > 0 && { share: variance / total }),
    })),
  };
}

/** A report without its notes. */
export type BareReport = Omit<StudyReport, "notes"> & { arms: ArmReport[] };
