import type { ComparisonMetric } from "../comparisons/comparisonMetrics.js";
import { metricFacts } from "../comparisons/comparisonMetrics.js";
import type { Fault } from "../fault.js";
import { numberFault } from "../jobs/numberRule.js";
import { countCharacters, quote } from "../quote.js";
import { studyLimits } from "./studyLimits.js";
import type { StudyClaim } from "./study.js";

/** A claim as its caller wrote it. */
export type StudyClaimDraft = Partial<StudyClaim>;

/**
 * Checks what was claimed for arms: each names an arm, once, and a source.
 * @param names of the arms
 * @param metric whose values the claims are; `undefined` when it is not known
 */
export function completeClaims(
  drafts: readonly StudyClaimDraft[],
  names: readonly string[],
  metric: ComparisonMetric | undefined,
  faults: Fault[],
): StudyClaim[] {
  if (drafts.length > studyLimits.claims) {
    faults.push({
      field: "study.claims",
      reason: "TOO_MANY",
      description: `has ${drafts.length} claims; allowed: at most ${studyLimits.claims}`,
    });
    return [];
  }
  const isShare = metric !== undefined && metricFacts[metric].isShare;
  const claimed = new Set<string>();
  return drafts.map(({ arm = "", value, source = "" }, index) => {
    const add = (field: string, reason: string, description: string) =>
      faults.push({ field: `study.claims[${index}].${field}`, reason, description });
    if (arm === "") add("arm", "REQUIRED", "is empty; name the arm");
    else if (!names.includes(arm)) add("arm", "NOT_FOUND", `there is no arm ${quote(arm)}; allowed: ${names.join(", ")}`);
    else if (claimed.has(arm)) add("arm", "DUPLICATE", `${quote(arm)} has a claim already`);
    claimed.add(arm);
    if (source === "") add("source", "REQUIRED", "is empty; say who claimed it and where");
    if (countCharacters(source) > studyLimits.textCharacters)
      add("source", "TOO_LONG", `has ${countCharacters(source)} characters; allowed: at most ${studyLimits.textCharacters}`);
    if (value === undefined) add("value", "REQUIRED", "is not set; give the value that was claimed");
    const fault =
      value === undefined ? undefined : numberFault(`study.claims[${index}].value`, value, isShare ? { atLeast: 0, atMost: 1 } : {});
    if (fault) faults.push(fault);
    return { arm, value: value ?? Number.NaN, source };
  });
}
