import { figure } from "../../comparisons/figures.js";
import type { BareReport } from "./buildStudyReport.js";
import { manySeeds } from "./reportText.js";
import type { ArmReport } from "./studyReport.js";

/** What a reader has to know before believing anything else in a report, in sentences. */
export function studyNotes(report: BareReport): string[] {
  const { declaration, pairs, arms, ledger } = report;
  const notes: string[] = [];
  const demonstration = declaration.purpose === "demonstration";
  if (demonstration)
    notes.push("This study shows that everything works. It is too small to support a verdict, and none of it should be cited.");
  if (declaration.tuning.trials === 1)
    notes.push(
      "Nothing was tuned: the arms are compared at the hyperparameters that were declared, and another choice may turn the order round.",
    );
  else {
    if (declaration.tuning.seeds.length === 1)
      notes.push("Each trial was run with one tuning seed: how far its value hangs on that seed is not known.");
    notes.push(
      "Each arm was tuned once: what is compared are the configurations that its search chose. Another search may choose others, which is no part of what " +
        "was repeated.",
    );
  }
  for (const arm of arms) notes.push(...armNotes(arm, report));
  const undeclared = ledger.different.filter(({ why }) => why.startsWith("not declared"));
  if (undeclared.length > 0)
    notes.push(`The arms also differ in ${undeclared.map(({ name }) => name).join(", ")}, which nobody declared: see the fairness ledger.`);
  if (!demonstration && declaration.seeds.length < manySeeds)
    notes.push(
      `${declaration.seeds.length} training seeds say little about how much a configuration varies from one training to the next. Tests and intervals allow ` +
        "for it, and are wide where seeds matter more than examples.",
    );
  if (!demonstration && pairs.length > 1)
    notes.push(
      `${pairs.length} pairs were compared. Their p values are corrected together (${declaration.correction}); their intervals are not, each is about its own pair.`,
    );
  if (arms.some(({ claimed }) => claimed))
    notes.push(
      "Claimed values have no interval, were measured on other data and by others: they stand here for comparison of what was said with what can be said.",
    );
  return notes;
}

function armNotes(arm: ArmReport, { declaration }: BareReport): string[] {
  const notes: string[] = [];
  const failedTrials = arm.trials.filter(({ failure }) => failure !== undefined);
  const failedSeeds = arm.seeds.filter(({ failure }) => failure !== undefined);
  if (failedTrials.length > 0)
    notes.push(`${arm.name}: ${failedTrials.length} of ${arm.trials.length} trials failed (${failedTrials[0]?.failure}).`);
  if (failedSeeds.length > 0)
    notes.push(
      `${arm.name}: ${failedSeeds.length} of ${arm.seeds.length} final runs failed (${failedSeeds[0]?.failure}), so it is not compared.`,
    );
  const { gap, noise } = arm.tuningNoise ?? {};
  if (gap !== undefined && noise !== undefined && gap < 2 * noise)
    notes.push(
      `${arm.name}: the chosen trial was ahead of the second by ${figure(gap)} of validation ${declaration.tuning.metric}, ${figure(gap / noise)} times what chance ` +
        "makes of such a lead: another search might choose the other.",
    );
  const edges = Object.entries(arm.chosen ?? {}).filter(([name, value]) => isAtEdge(arm, name, value, declaration.tuning.trials));
  for (const [name, value] of edges)
    notes.push(`${arm.name}: the best ${name} was ${String(value)}, at the end of what was searched. A wider search might do better.`);
  return notes;
}

function isAtEdge(arm: ArmReport, name: string, value: unknown, trials: number): boolean {
  const tried = arm.trials.map(({ hyperparameters }) => hyperparameters[name]).filter((each) => typeof each === "number");
  // Of two values each is at an end.
  return trials > 2 && new Set(tried).size > 2 && (value === Math.min(...tried) || value === Math.max(...tried));
}
