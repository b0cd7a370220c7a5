import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { buildStudyReport } from "#core/studies/report/buildStudyReport.js";
import type { RunOutcome } from "#core/studies/report/runOutcome.js";
import type { StudyDeclaration, StudyRecord, StudyRun } from "#core/studies/study.js";
import { draws } from "./draws.js";

// Whole studies of simulated trainings whose true accuracies are known, through the code that judges real ones.

/** What is true of a simulated study. */
export interface Truth {
  name: string;
  /** True difference of accuracy of every arm to the reference. */
  difference: number;
  seeds: number;
}

/** How the verdicts of many studies came out. */
export interface PlantedResult {
  truth: Truth;
  studies: number;
  /** Share of studies with at least one verdict that is wrong. */
  wrong: number;
  /** Share of pairs by verdict. */
  verdicts: Record<"BETTER" | "WORSE" | "EQUIVALENT" | "INCONCLUSIVE", number>;
}

/** The smallest difference that matters, as the simulated studies declare it. */
export const margin = 0.02;
const arms = 4;
const examples = 400;
/** Of the reference. */
const accuracy = 0.88;
/** Standard deviations of what makes an answer right: how hard the example is, how the training went, chance. */
const spread = { example: 1, seed: 0.05, chance: 0.7 };
const total = Math.hypot(spread.example, spread.seed, spread.chance);

/** @param seed of the simulation */
export function plantedTruth(truth: Truth, studies: number, seed: number): PlantedResult {
  const verdicts = { BETTER: 0, WORSE: 0, EQUIVALENT: 0, INCONCLUSIVE: 0 };
  let wrong = 0;
  for (let study = 0; study < studies; study++) {
    const { pairs } = buildStudyReport(simulate(truth, seed, study));
    for (const { verdict = "INCONCLUSIVE" } of pairs) verdicts[verdict]++;
    if (pairs.some(({ verdict = "INCONCLUSIVE" }) => isWrong(verdict, truth.difference))) wrong++;
  }
  const share = (count: number) => count / (studies * (arms - 1));
  return {
    ...{ truth, studies, wrong: wrong / studies },
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
  const names = Array.from({ length: arms }, (_, arm) => `arm-${arm}`);
  const finals = names.flatMap((arm, place) =>
    seeds.map((trainingSeed): RunOutcome => {
      const level = total * normalQuantile(accuracy + (place === 0 ? 0 : truth.difference), 0, 1) + spread.seed * next();
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
