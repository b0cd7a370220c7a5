import type { StudyRecord } from "../study.js";
import type { RunSettings } from "./runOutcome.js";
import type { FairnessLedger } from "./studyReport.js";

/** What differs between arms by declaration, and why. */
const intended: Readonly<Record<string, string>> = {
  optimizer: "it is what the study compares",
  "tuned hyperparameters": "each arm's own choice among its trials",
};

/**
 * What was the same for all arms, what was not, and what each was given.
 * @param settings what every run was really run with, not what was asked for
 */
export function fairnessLedger(study: StudyRecord, settings: readonly RunSettings[]): FairnessLedger {
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
    { name: "evaluations on the test split", value: "1 for each final run" },
  ];
  const different: FairnessLedger["different"] = [];
  for (const name of new Set(settings.flatMap(({ values }) => Object.keys(values)))) {
    const values = declaration.arms.map(({ name: arm }) => ({
      arm,
      value: [...new Set(settings.filter((each) => each.arm === arm).map((each) => each.values[name] ?? "not set"))].join("; ") || "no run",
    }));
    const known = new Set(values.map(({ value }) => value).filter((value) => value !== "no run"));
    const [only] = known;
    if (known.size === 1 && only !== undefined) equal.push({ name, value: only });
    else if (known.size > 1) different.push({ name, why: intended[name] ?? "not declared: mind it when you read the verdicts", values });
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
