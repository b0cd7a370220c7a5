import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { buildStudyReport } from "#core/studies/report/buildStudyReport.js";
import type { RunOutcome } from "#core/studies/report/runOutcome.js";
import type { StudyDeclaration, StudyRecord, StudyRun } from "#core/studies/study.js";
import { draws } from "./draws.js";

// Whole studies of simulated trainings whose true accuracies are known, through the code that judges real ones.

/** What is true of a simulated study. */
export interface Truth {
  name: string;
  /** True difference of accuracy to the reference, one for each other arm. */
  differences: readonly number[];
  seeds: number;
}

/** How the verdicts of many studies came out. */
export interface PlantedResult {
  truth: Truth;
  studies: number;
  /** Share of studies with at least one verdict that is wrong: of either kind, BETTER or WORSE, EQUIVALENT. */
  wrong: number;
  wrongDifference: number;
  wrongEquivalence: number;
  /** Share of pairs by verdict. */
  verdicts: Record<"BETTER" | "WORSE" | "EQUIVALENT" | "INCONCLUSIVE", number>;
}

/** The smallest difference that matters, as the simulated studies declare it. */
export const margin = 0.02;
const examples = 400;
/** Of the reference. */
const accuracy = 0.88;
/** Standard deviations of what makes an answer right: how hard the example is, how the training went, chance. */
const spread = { example: 1, seed: 0.05, chance: 0.7 };
const total = Math.hypot(spread.example, spread.seed, spread.chance);

/** @param seed of the simulation */
export function plantedTruth(truth: Truth, studies: number, seed: number): PlantedResult {
  const verdicts = { BETTER: 0, WORSE: 0, EQUIVALENT: 0, INCONCLUSIVE: 0 };
  const wrong = { either: 0, difference: 0, equivalence: 0 };
  for (let study = 0; study < studies; study++) {
    const { pairs } = buildStudyReport(simulate(truth, seed, study));
    const found = pairs.map(({ first, verdict = "INCONCLUSIVE" }) => ({ first, verdict }));
    for (const { verdict } of found) verdicts[verdict]++;
    const errors = found.filter(({ first, verdict }) => isWrong(verdict, truth.differences[Number(first.slice("arm-".length)) - 1] ?? 0));
    if (errors.length > 0) wrong.either++;
    if (errors.some(({ verdict }) => verdict !== "EQUIVALENT")) wrong.difference++;
    if (errors.some(({ verdict }) => verdict === "EQUIVALENT")) wrong.equivalence++;
  }
  const share = (count: number) => count / (studies * truth.differences.length);
  return {
    ...{ truth, studies },
    ...{ wrong: wrong.either / studies, wrongDifference: wrong.difference / studies, wrongEquivalence: wrong.equivalence / studies },
    verdicts: {
      BETTER: share(verdicts.BETTER),
      WORSE: share(verdicts.WORSE),
      EQUIVALENT: share(verdicts.EQUIVALENT),
      INCONCLUSIVE: share(verdicts.INCONCLUSIVE),
    },
  };
}

function isWrong(verdict: string, difference: number): boolean {
  if (verdict === "EQUIVALENT") return Math.abs(difference) >= margin;
  if (verdict === "BETTER") return difference <= 0;
  return verdict === "WORSE" && difference >= 0;
}

function simulate(truth: Truth, seed: number, index: number): Parameters<typeof buildStudyReport>[0] {
  const { normal: next } = draws(seed, `${truth.name}/${truth.seeds}/${index}`);
  const hardness = Float64Array.from({ length: examples }, () => spread.example * next());
  const seeds = Array.from({ length: truth.seeds }, (_, each) => each + 1);
  const names = Array.from({ length: truth.differences.length + 1 }, (_, arm) => `arm-${arm}`);
  const finals = names.flatMap((arm, place) =>
    seeds.map((trainingSeed): RunOutcome => {
      const level = total * normalQuantile(accuracy + (truth.differences[place - 1] ?? 0), 0, 1) + spread.seed * next();
      const values = hardness.map((hard) => (level + hard + spread.chance * next() > 0 ? 1 : 0));
      return {
        run: finalRun(arm, trainingSeed),
        outcomes: { kind: "mean", values },
        splitDigest: "simulated",
        curve: { loss: [], validation: [] },
      };
    }),
  );
  return { study: record(names, seeds, finals), endTime: "2026-01-01T00:00:00.000Z", finals, settings: [] };
}

function finalRun(arm: string, seed: number): StudyRun {
  return { arm, phase: "FINAL", trial: 1, seed, hyperparameters: {}, trainingJob: `${arm}-${seed}`, state: "SUCCEEDED" };
}

function record(names: readonly string[], seeds: readonly number[], finals: readonly RunOutcome[]): StudyRecord {
  const declaration: StudyDeclaration = {
    ...{
      title: "simulated",
      purpose: "comparison",
      job: {},
      testSplit: "test",
      metric: "accuracy",
      margin,
      level: 0.95,
      correction: "holm",
    },
    ...{ reference: "arm-0", parallelism: 1, claims: [], seeds },
    tuning: { trials: 1, method: "grid", metric: "accuracy", seeds: [0], searchSeed: 0 },
    arms: names.map((name) => ({ name, description: "", optimizer: { name }, search: {} })),
  };
  return {
    ...{ id: "simulated", uid: "simulated", tenant: "default", state: "RUNNING", createTime: "2026-01-01T00:00:00.000Z", declaration },
    ...{ declarationDigest: "", datasetUid: "", plan: { tuningRuns: 0, finalRuns: finals.length, expectedSeconds: 0, peakMemoryBytes: 0 } },
    ...{ runs: finals.map(({ run }) => run), attempt: 1 },
  };
}
