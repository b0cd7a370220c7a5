import { compareGroups } from "#core/comparisons/compareGroups.js";
import type { Comparison, ComparisonGroup, ComparisonSettings } from "#core/comparisons/comparison.js";
import type { Outcomes } from "#core/comparisons/outcomes.js";
import { type Fault, FaultError } from "#core/fault.js";
import { quote } from "#core/quote.js";
import { type PredictionsFile, readOutcomes } from "./readOutcomes.js";

/** Groups of stored predictions. */
export interface ComparisonInput {
  groups: { name: string; evaluations: { id: string; file: PredictionsFile }[] }[];
  settings: ComparisonSettings;
  /** Whether completions may have other numbers of tokens: where tokenizers differ on purpose. */
  otherTokens?: boolean;
}

/**
 * Compares stored predictions.
 * @throws FaultError with everything that is wrong with the files
 */
export async function comparePredictions({ groups, settings, otherTokens = false }: ComparisonInput): Promise<Comparison> {
  const faults: Fault[] = [];
  let expected: { id: string; truth: ArrayLike<number>; clusters?: ArrayLike<number> } | undefined;
  const read: ComparisonGroup[] = [];
  for (const { name, evaluations } of groups) {
    const all: Outcomes[] = [];
    for (const { id, file } of evaluations) {
      try {
        const { outcomes, truth, clusters } = await readOutcomes(file, settings.metric);
        all.push(outcomes);
        expected ??= { id, truth, ...(clusters && { clusters }) };
        const apart = unlikeGroups(expected.clusters, clusters);
        if (apart >= 0) {
          const description = `example ${apart} is of another group of examples in ${quote(id)} than in ${quote(expected.id)}; allowed: the same groups in all evaluations`;
          faults.push({ field: "groups", reason: "EXAMPLE_GROUPS_DIFFER", description });
        }
        const ofTokens = file.task === "causal_lm";
        const unlike = ofTokens && otherTokens ? -1 : firstDifference(expected.truth, truth);
        if (unlike >= 0) {
          const own = ofTokens ? `${truth[unlike]} tokens` : `the label ${truth[unlike]}`;
          const description = `example ${unlike} has ${own} in ${quote(id)} and ${expected.truth[unlike]} in ${quote(expected.id)}: they are not the same examples`;
          faults.push({ field: "groups", reason: ofTokens ? "TOKENS_DIFFER" : "LABELS_DIFFER", description });
        }
      } catch (error) {
        faults.push({
          field: "groups",
          reason: "PREDICTIONS_UNREADABLE",
          description: `the predictions of ${quote(id)} cannot be read: ${problem(error)}`,
        });
      }
    }
    read.push({ name, evaluations: all });
  }
  if (faults.length > 0) throw new FaultError(faults);
  return compareGroups(read, { ...settings, ...(expected?.clusters && { clusters: expected.clusters }) });
}

/** The first example that is of another group, whatever the groups are called: in one of the two it is of that of an earlier one, in the other not. */
function unlikeGroups(a: ArrayLike<number> | undefined, b: ArrayLike<number> | undefined): number {
  if (!a || !b) return a === b ? -1 : 0;
  const [ofA, ofB] = [new Map<number, number>(), new Map<number, number>()];
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [left, right] = [a[index] as number, b[index] as number];
    if (ofA.get(left) !== ofB.get(right)) return index;
    if (!ofA.has(left)) ofA.set(left, index);
    if (!ofB.has(right)) ofB.set(right, index);
  }
  return -1;
}

/** @returns -1 where there is none */
function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) if (a[index] !== b[index]) return index;
  return -1;
}

/** What a caller may know of it: not where the file is. */
function problem(error: unknown): string {
  if (error instanceof RangeError) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "they are gone";
  throw error;
}
