import { comparisonFaults } from "../comparisons/comparisonFaults.js";
import type { ComparisonMetric } from "../comparisons/comparisonMetrics.js";
import type { Fault } from "../fault.js";
import { resourceIdFault } from "../jobs/jobId.js";
import { counted, numberFault, type NumberRule } from "../jobs/numberRule.js";
import { nearest } from "../nearest.js";
import { countCharacters, quote } from "../quote.js";
import { repeated } from "../repeated.js";
import type { Correction } from "../statistics/multipleTesting.js";
import { studyLimits } from "./studyLimits.js";
import { completeArms, type StudyArmDraft } from "./completeArms.js";
import { completeContrasts, type StudyContrastDraft } from "./completeContrasts.js";
import { completeClaims, type StudyClaimDraft } from "./completeClaims.js";
import { searchMethods, type StudyDeclaration, studyPurposes, tuningMetrics } from "./study.js";

/** A study as its caller wrote it: what was left out is `undefined`. */
export interface StudyDraft {
  title?: string;
  purpose?: string;
  job?: StudyDeclaration["job"];
  arms?: readonly StudyArmDraft[];
  tuning?: { trials?: number; method?: string; metric?: string; seeds?: readonly number[]; searchSeed?: number };
  seeds?: readonly number[];
  testSplit?: string;
  metric?: string;
  margin?: number;
  level?: number;
  correction?: string;
  reference?: string;
  parallelism?: number;
  claims?: readonly StudyClaimDraft[];
  contrasts?: readonly StudyContrastDraft[];
}

/**
 * Fills in every default and checks every value that can be checked without the trainer.
 * @param hasClasses whether the data set has classes: numbers and completions have a loss only
 * @returns the declaration, which is sound when there is no fault, and all faults; fields start with `study.`
 */
export function completeStudy(draft: StudyDraft, hasClasses: boolean): { declaration: StudyDeclaration; faults: Fault[] } {
  const faults: Fault[] = [];
  const add = (field: string, reason: string, description: string) => faults.push({ field: `study.${field}`, reason, description });
  const number = (field: string, value: number | undefined, rule: NumberRule, fallback: number): number => {
    const fault = value === undefined ? undefined : numberFault(`study.${field}`, value, rule);
    if (fault) faults.push(fault);
    return value ?? fallback;
  };
  const choose = <T extends string>(field: string, value: string | undefined, allowed: readonly T[], fallback: T): T => {
    const found = allowed.find((each) => each === value);
    if (value !== undefined && found === undefined) {
      const meant = nearest(value, allowed);
      add(
        field,
        "UNKNOWN_VALUE",
        `${quote(value)} is not known; allowed: ${allowed.join(", ")}${meant === undefined ? "" : `; did you mean "${meant}"?`}`,
      );
    }
    return found ?? fallback;
  };
  const text = (field: string, value: string, most: number) => {
    if (countCharacters(value) > most) add(field, "TOO_LONG", `has ${countCharacters(value)} characters; allowed: at most ${most}`);
    return value;
  };
  const seeds = (field: string, given: readonly number[]): readonly number[] => {
    if (given.length > studyLimits.seeds) {
      add(field, "TOO_MANY", `has ${given.length} seeds; allowed: at most ${studyLimits.seeds}`);
      return given.slice(0, studyLimits.seeds);
    }
    for (const [index, seed] of given.entries()) number(`${field}[${index}]`, seed, counted(0, Number.MAX_SAFE_INTEGER), 0);
    const again = repeated(given);
    if (again !== undefined) add(field, "DUPLICATE", `has ${again} twice: the same run counted twice`);
    return given;
  };

  if (draft.job?.optimizer !== undefined)
    add("job.optimizer", "MISPLACED", "is set; the optimizers are what a study compares: each arm has its own");
  if (draft.job?.seed !== undefined) add("job.seed", "MISPLACED", "is set; every run has a seed of its own: give study.seeds");
  if (!draft.job?.dataset?.id) add("job.dataset.id", "REQUIRED", "is empty; give the id of a data set");
  if (draft.job?.resumeFrom !== undefined)
    add("job.resume_from", "UNSUPPORTED", "is set; every run of a study starts from the pretrained weights");

  const purpose = choose("purpose", draft.purpose, studyPurposes, "comparison");
  const trials = number("tuning.trials", draft.tuning?.trials, counted(1, studyLimits.trials), 1);
  const finalSeeds = seeds("seeds", draft.seeds ?? []);
  if (finalSeeds.length === 0) add("seeds", "REQUIRED", "is empty; give the seeds to train with, for example [1, 2, 3]");
  else if (purpose === "comparison" && finalSeeds.length < 2)
    add(
      "seeds",
      "TOO_FEW",
      `has one seed: how much a configuration varies from one training to the next takes two or more (or purpose: demonstration)`,
    );
  const tuning: StudyDeclaration["tuning"] = {
    trials,
    method: choose("tuning.method", draft.tuning?.method, searchMethods, "grid"),
    metric: choose("tuning.metric", draft.tuning?.metric, hasClasses ? tuningMetrics : ["loss"], hasClasses ? "accuracy" : "loss"),
    seeds: seeds("tuning.seeds", draft.tuning?.seeds?.length ? draft.tuning.seeds : usualTuningSeeds(finalSeeds, trials)),
    searchSeed: number("tuning.search_seed", draft.tuning?.searchSeed, counted(0, Number.MAX_SAFE_INTEGER), 0),
  };
  const shared = trials > 1 ? tuning.seeds.filter((seed) => finalSeeds.includes(seed)) : [];
  if (shared.length > 0)
    add(
      "tuning.seeds",
      "CONFLICT",
      `${shared.join(", ")} is also a seed of the study: what was chosen for being lucky with a seed would be measured with it; use others`,
    );

  const arms = completeArms(draft.arms ?? [], tuning, faults);
  const runs = arms.length * (finalSeeds.length + (trials > 1 ? trials * tuning.seeds.length : 0));
  if (runs > studyLimits.runs)
    add("arms", "TOO_MANY", `with their trials and seeds make ${runs} runs; allowed: at most ${studyLimits.runs}; make several studies`);
  const { reference } = draft;
  const names = [...new Set(arms.map(({ name }) => name))].filter((name) => name !== "");
  if (reference !== undefined && !names.includes(reference))
    add("reference", "NOT_FOUND", `there is no arm ${quote(reference)}; allowed: ${names.join(", ")}`);
  const contrasts = completeContrasts(draft.contrasts ?? [], names, reference, faults);
  if (draft.margin === undefined)
    add("margin", "REQUIRED", "is not set; declare the smallest difference that matters before anything runs, for example 0.01");

  // What a comparison refuses must not come up when everything has been trained.
  const comparison = {
    metric: (draft.metric as ComparisonMetric | undefined) ?? (hasClasses ? "accuracy" : "loss"),
    level: draft.level ?? 0.95,
    correction: (draft.correction as Correction | undefined) ?? "holm",
  };
  const asked = { ...comparison, ...(draft.margin !== undefined && { margin: draft.margin }) };
  const refused = comparisonFaults(asked, [], hasClasses ? "classification" : "regression");
  faults.push(...refused.map((fault) => ({ ...fault, field: `study.${fault.field}` })));
  if (!refused.some(({ field }) => field === "margin")) number("margin", draft.margin, { atMost: 1e9 }, 0);

  const knownMetric = refused.some(({ field }) => field === "metric") ? undefined : comparison.metric;
  const declaration: StudyDeclaration = {
    title: text("title", draft.title ?? "", studyLimits.titleCharacters),
    purpose,
    job: draft.job ?? {},
    arms,
    tuning,
    seeds: finalSeeds,
    testSplit: draft.testSplit || "test",
    ...comparison,
    margin: draft.margin ?? 0,
    ...(draft.reference !== undefined && { reference: draft.reference }),
    ...(contrasts.length > 0 && { contrasts }),
    parallelism: number("parallelism", draft.parallelism, counted(1, studyLimits.parallelism), 1),
    claims: completeClaims(draft.claims ?? [], names, knownMetric, faults),
  };
  return { declaration, faults };
}

/** Three that are none of the study's own: one says nothing about how far a trial's value hangs on it. */
function usualTuningSeeds(finalSeeds: readonly number[], trials: number): number[] {
  const free = Array.from({ length: finalSeeds.length + 3 }, (_, seed) => seed).filter((seed) => !finalSeeds.includes(seed));
  return free.slice(0, trials > 1 ? 3 : 1);
}

/** What is wrong with the id of a study, if anything is. */
export function studyIdFault(id: string): Fault | undefined {
  return id === "" ? undefined : resourceIdFault(id, "study_id");
}
