import type { StudyRecord } from "../study.js";
import type { RunSettings, TestEvaluation } from "./runOutcome.js";
import type { FairnessLedger } from "./studyReport.js";

/** What differs between arms by declaration, and why. */
const intended: Readonly<Record<string, string>> = {
  optimizer: "it is what the study compares",
  "tuned hyperparameters": "each arm's own choice among its trials",
};

/**
 * What was the same for all arms, what was not, and what each was given.
 * @param settings what every run was really run with, not what was asked for
 * @param evaluations all that there are of the study's models on the test split; left out: nobody counted them
 */
export function fairnessLedger(
  study: StudyRecord,
  settings: readonly RunSettings[],
  evaluations?: readonly TestEvaluation[],
): FairnessLedger {
  const { declaration, runs } = study;
  const { tuning } = declaration;
  const equal: FairnessLedger["equal"] = [
    { name: "tuning trials", value: String(tuning.trials) },
    ...(tuning.trials === 1
      ? []
      : [
          { name: "search", value: `${tuning.method}, by ${tuning.metric} on the validation split` },
          { name: "tuning seeds", value: tuning.seeds.join(", ") },
        ]),
    { name: "training seeds", value: declaration.seeds.join(", ") },
  ];
  const different: FairnessLedger["different"] = [];
  if (evaluations) {
    const values = declaration.arms.map(({ name: arm }) => ({ arm, value: evaluationsText(study, arm, evaluations) }));
    const [first, ...others] = new Set(values.map(({ value }) => value));
    const name = "evaluations on the test split";
    if (first !== undefined && others.length === 0) equal.push({ name, value: `${first}, ${evaluations.length} in all` });
    else different.push({ name, why: "final runs failed, or somebody evaluated a model of the study once more", values });
  }
  for (const name of new Set(settings.flatMap(({ values }) => Object.keys(values)))) {
    const arms = declaration.arms.map(({ name: arm }) => ({ arm, known: knownValues(settings, arm, name) }));
    const values = arms.map(({ arm, known }) => ({
      arm,
      value: textOf(known, [...known.keys()]) || (settings.some((each) => each.arm === arm) ? "not known" : "no run"),
    }));
    const having = arms.filter(({ known }) => known.size > 0);
    const isDifferent = having.some(({ known }, index) => having.slice(index + 1).some((other) => differ(known, other.known)));
    if (isDifferent) different.push({ name, why: intended[name] ?? "not declared: mind it when you read the verdicts", values });
    else
      equal.push({ name, value: [...new Set(having.flatMap(({ known }) => [...known.values()].flatMap((each) => [...each])))].join("; ") });
  }
  const compute = declaration.arms.flatMap(({ name: arm }) =>
    (["TUNING", "FINAL"] as const).flatMap((phase) => {
      const own = runs.filter((run) => run.arm === arm && run.phase === phase);
      if (own.length === 0) return [];
      const sum = (of: (run: (typeof own)[number]) => number | undefined) => own.reduce((total, run) => total + (of(run) ?? 0), 0);
      return [
        {
          ...{ arm, phase, runs: own.length },
          failed: own.filter(({ state }) => state !== "SUCCEEDED").length,
          trainSeconds: sum((run) => run.trainSeconds),
          tokens: sum((run) => run.tokens),
        },
      ];
    }),
  );
  return { equal, different, compute };
}

/** By seed: the values of a setting in an arm's runs, as far as they are known. Not every setting is one of tuning runs. */
function knownValues(settings: readonly RunSettings[], arm: string, name: string): Map<number, Set<string>> {
  const phases = new Set(settings.filter(({ values }) => name in values).map(({ phase }) => phase));
  const known = new Map<number, Set<string>>();
  for (const { phase, seed, isComplete, values } of settings.filter((each) => each.arm === arm)) {
    const value = values[name] ?? (isComplete && phases.has(phase) ? "not set" : undefined);
    if (value !== undefined) known.set(seed, (known.get(seed) ?? new Set()).add(value));
  }
  return known;
}

/** Whether two arms differ over the seeds of which both are known: a run that failed makes no difference. */
function differ(first: Map<number, Set<string>>, second: Map<number, Set<string>>): boolean {
  const common = [...first.keys()].filter((seed) => second.has(seed));
  const [one, other] = common.length > 0 ? [common, common] : [[...first.keys()], [...second.keys()]];
  return textOf(first, one) !== textOf(second, other);
}

function textOf(known: Map<number, Set<string>>, seeds: readonly number[]): string {
  return [...new Set(seeds.toSorted((a, b) => a - b).flatMap((seed) => [...(known.get(seed) ?? [])]))].join("; ");
}

/** How often an arm's models were evaluated on the test split. */
function evaluationsText({ runs }: StudyRecord, arm: string, evaluations: readonly TestEvaluation[]): string {
  const own = runs.filter((run) => run.arm === arm);
  const finals = own.filter(({ phase }) => phase === "FINAL");
  const counted = evaluations.filter(({ trainingJob }) => own.some((run) => run.trainingJob === trainingJob));
  const declared = counted.filter(({ id }) => finals.some(({ evaluation }) => evaluation === id)).length;
  const more = counted.length - declared;
  const text = declared === finals.length ? "1 for each final run" : `${declared} for ${finals.length} final runs`;
  return more === 0 ? text : `${text}, and ${more} more`;
}
