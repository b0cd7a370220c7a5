import type { Fault } from "../fault.js";
import { quote } from "../quote.js";
import type { StudyContrast } from "./study.js";
import { studyLimits } from "./studyLimits.js";

/** A contrast as its caller wrote it. */
export type StudyContrastDraft = Partial<StudyContrast>;

/**
 * Checks which pairs of arms are declared to be compared: each names two arms, and no pair is there twice, either way round.
 * @param names of the arms
 * @param reference of the study, which says which pairs there are too
 */
export function completeContrasts(
  drafts: readonly StudyContrastDraft[],
  names: readonly string[],
  reference: string | undefined,
  faults: Fault[],
): StudyContrast[] {
  const add = (field: string, reason: string, description: string) => faults.push({ field: `study.${field}`, reason, description });
  if (drafts.length > studyLimits.contrasts) {
    add("contrasts", "TOO_MANY", `has ${drafts.length} contrasts; allowed: at most ${studyLimits.contrasts}`);
    return [];
  }
  if (drafts.length > 0 && reference !== undefined)
    add("contrasts", "CONFLICT", `says which pairs are compared, and so does the reference ${quote(reference)}; leave one of the two out`);
  const seen = new Set<string>();
  return drafts.map(({ first = "", second = "" }, index) => {
    const field = `contrasts[${index}]`;
    for (const [side, name] of Object.entries({ first, second }))
      if (name === "") add(`${field}.${side}`, "REQUIRED", "is empty; name the arm");
      else if (!names.includes(name)) add(`${field}.${side}`, "NOT_FOUND", `there is no arm ${quote(name)}; allowed: ${names.join(", ")}`);
    if (first !== "" && first === second) add(field, "CONFLICT", `has ${quote(first)} twice; an arm cannot be compared with itself`);
    const pair = [first, second].toSorted().join(" ");
    if (seen.has(pair)) add(field, "DUPLICATE", `${quote(first)} and ${quote(second)} are compared already`);
    seen.add(pair);
    return { first, second };
  });
}
