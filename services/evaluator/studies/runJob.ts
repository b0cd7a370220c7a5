import type { StudyArm, StudyDeclaration, StudyRun } from "#core/studies/study.js";

/** The training job of a run, as the SDK takes it: what the study's runs have in common, the arm's optimizer, what the search chose, the seed. */
export function runJob(
  declaration: StudyDeclaration,
  arm: StudyArm,
  { hyperparameters, seed }: Pick<StudyRun, "hyperparameters" | "seed">,
): object {
  const { optimizer } = arm;
  return { ...declaration.job, optimizer: { ...optimizer, hyperparameters: { ...optimizer.hyperparameters, ...hyperparameters } }, seed };
}
