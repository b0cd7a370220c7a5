import type { Fault } from "../fault.js";
import { nearest } from "../nearest.js";
import { plain, quote } from "../quote.js";
import { type ComparedEvaluation, type FairnessFact, fairnessFacts, pairingFacts } from "./fairnessFacts.js";

/** The evaluations of a group. */
export interface ComparedGroup {
  name: string;
  evaluations: readonly ComparedEvaluation[];
}

/** What was the same for all groups and what was not. */
export interface FairnessLedger {
  equal: { name: string; value: string }[];
  /** `why` is a sentence. */
  different: { name: string; why: string; values: { group: string; value: string }[] }[];
}

/**
 * Whether a comparison of groups is fair: all that makes a model is the same but the optimizer, which is compared, the seeds, and what the caller
 * names.
 * @param intended names of `fairnessFacts` that differ on purpose
 * @returns everything that is wrong, with reasons such as BATCH_SIZE_DIFFERS
 */
export function checkFairness(groups: readonly ComparedGroup[], intended: readonly string[]): { faults: Fault[]; ledger: FairnessLedger } {
  // One whose evaluations are not known says nothing.
  const known = groups.filter(({ evaluations }) => evaluations.length > 0);
  const faults = [...pairingFaults(groups), ...groups.flatMap(groupFaults), ...repeatedFaults(groups), ...seedFaults(groups)];
  const ledger: FairnessLedger = { equal: [], different: [] };
  if (known.length < 2) return { faults, ledger };
  const note = (name: string, of: (evaluation: ComparedEvaluation) => string | undefined, why: string) => {
    const values = known.map((group) => ({ group: group.name, value: valueOf(group, of) ?? "not recorded" }));
    const isEqual = new Set(values.map(({ value }) => value)).size === 1 && values[0]?.value !== "not recorded";
    if (isEqual) ledger.equal.push({ name, value: values[0]?.value ?? "" });
    else ledger.different.push({ name, why, values });
    return isEqual;
  };
  for (const name of pairingFacts) note(name, ({ pairing }) => pairing[name], "");
  // Nothing is known of models elsewhere but what their predictions are of: the rest is their caller's to keep equal.
  const areSent = known.every(({ evaluations }) => evaluations.every(({ wasSent }) => wasSent));
  note(areSent ? "model" : "optimizer", ({ optimizer }) => optimizer, "This is what is compared.");
  note("seeds", ({ seed }) => String(seed), "Each seed is another draw of what training leaves to chance.");
  const facts: readonly FairnessFact[] = areSent ? ["split_digest"] : fairnessFacts;
  const differing = facts.filter(
    (name) => !note(name, ({ facts }) => facts[name], intended.includes(name) ? "The caller named it as intended." : ""),
  );
  if (areSent)
    note(
      "training",
      () => undefined,
      "The predictions were made elsewhere: that their models were trained alike is for who sent them to know.",
    );
  else
    note(
      "environment",
      ({ environment }) => environment,
      "It is noted, not held equal: the same training on another machine differs in its last digits.",
    );
  faults.push(...differing.filter((name) => !intended.includes(name)).map((name) => differenceFault(name, known)));
  faults.push(...intendedFaults(intended, differing));
  return { faults, ledger };
}

function pairingFaults(groups: readonly ComparedGroup[]): Fault[] {
  return pairingFacts.flatMap((name) => {
    const values = new Map<string, string>();
    for (const { evaluations } of groups)
      for (const { id, pairing } of evaluations) if (!values.has(pairing[name])) values.set(pairing[name], id);
    if (values.size < 2) return [];
    const description = `${name} of the evaluations differ: ${[...values].map(([value, id]) => `${plain(value)} of ${quote(id)}`).join(", ")}; only outcomes of the same examples can be compared`;
    return [{ field: "groups", reason: `${name.toUpperCase()}_DIFFER`, description }];
  });
}

/** The evaluations of a group are one method, run with several seeds. */
function groupFaults({ evaluations }: ComparedGroup, index: number): Fault[] {
  const [first] = evaluations;
  if (!first) return [];
  const seeds = new Map<number, string>();
  return evaluations.flatMap((evaluation, place) => {
    const field = `groups[${index}].evaluations[${place}]`;
    const faults: Fault[] = [];
    const different = fairnessFacts.filter(
      (name) =>
        evaluation.facts[name] !== first.facts[name] && !(name === "train_rows" && first.drawsTrainRows && evaluation.drawsTrainRows),
    );
    const names = evaluation.optimizer === first.optimizer ? different : ["optimizer", ...different];
    if (names.length > 0) {
      const description = `${quote(evaluation.id)} and ${quote(first.id)} differ in ${names.join(", ")}; allowed within a group: a difference in the seed only`;
      faults.push({ field, reason: "GROUP_DIFFERS", description });
    }
    const earlier = seeds.get(evaluation.seed);
    seeds.set(evaluation.seed, earlier ?? evaluation.id);
    if (earlier !== undefined) {
      const description = `${quote(evaluation.id)} has the seed ${evaluation.seed}, as ${quote(earlier)} has; allowed within a group: every seed once`;
      faults.push({ field, reason: "SEED_TWICE", description });
    }
    return faults;
  });
}

/** Evaluations of two groups are paired by their seed: in any other order the same ones would say something else. */
function seedFaults(groups: readonly ComparedGroup[]): Fault[] {
  const [first, ...others] = groups;
  const seedsOf = ({ evaluations }: ComparedGroup) => evaluations.map(({ seed }) => seed).toSorted((a, b) => a - b);
  const expected = first ? seedsOf(first) : [];
  if (expected.length < 2) return [];
  return others.flatMap((group, place) => {
    const seeds = seedsOf(group);
    if (seeds.length !== expected.length || seeds.every((seed, index) => seed === expected[index])) return [];
    const description = `its seeds are ${seeds.join(", ")}, those of ${quote(first?.name ?? "")} ${expected.join(", ")}; allowed: the same seeds in every group, which are paired`;
    return [{ field: `groups[${place + 1}].evaluations`, reason: "SEEDS_DIFFER", description }];
  });
}

function repeatedFaults(groups: readonly ComparedGroup[]): Fault[] {
  const places = new Map<string, { id: string; group: string }>();
  return groups.flatMap((group, index) =>
    group.evaluations.flatMap(({ id, trainingJob }, place) => {
      const earlier = places.get(trainingJob.uid);
      places.set(trainingJob.uid, earlier ?? { id, group: group.name });
      if (!earlier || earlier.group === group.name) return [];
      const description = `${quote(id)} is of the training job ${quote(trainingJob.id)}, as ${quote(earlier.id)} of group ${quote(earlier.group)} is; a model cannot be compared with itself`;
      return [{ field: `groups[${index}].evaluations[${place}]`, reason: "SAME_MODEL", description }];
    }),
  );
}

function differenceFault(name: FairnessFact, groups: readonly ComparedGroup[]): Fault {
  const names = new Map<string, string[]>();
  for (const group of groups) {
    const value = valueOf(group, ({ facts }) => facts[name]) ?? "not recorded";
    names.set(value, [...(names.get(value) ?? []), quote(group.name)]);
  }
  const values = [...names].map(
    ([value, of]) => `${plain(shortened(value))} of ${of.slice(0, 3).join(", ")}${of.length > 3 ? ` and ${of.length - 3} more` : ""}`,
  );
  const description = `${name} is not the same for all groups: ${values.join("; ")}; make it the same, or name "${name}" as an intended difference`;
  return { field: "groups", reason: `${name.toUpperCase()}_DIFFERS`, description };
}

/** Digests are told apart by their beginnings. */
function shortened(value: string): string {
  return value.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, "$1…");
}

function intendedFaults(intended: readonly string[], differing: readonly string[]): Fault[] {
  return intended.flatMap((name, index) => {
    const field = `intended_differences[${index}]`;
    if (intended.indexOf(name) < index) return [{ field, reason: "DUPLICATE", description: `${quote(name)} stands there twice` }];
    if (!(fairnessFacts as readonly string[]).includes(name)) {
      const near = nearest(name, fairnessFacts);
      const hint = near === undefined ? "" : ` (did you mean "${near}"?)`;
      return [{ field, reason: "UNKNOWN_VALUE", description: `${quote(name)} is not known${hint}; allowed: ${fairnessFacts.join(", ")}` }];
    }
    if (differing.includes(name)) return [];
    const there = differing.length === 0 ? "there are no differences" : `the differences there are: ${differing.join(", ")}`;
    return [{ field, reason: "NOT_A_DIFFERENCE", description: `${quote(name)} is the same for all groups; ${there}` }];
  });
}

/** The group's value, or values where seeds bring their own. @returns undefined where one is not recorded */
function valueOf({ evaluations }: ComparedGroup, of: (evaluation: ComparedEvaluation) => string | undefined): string | undefined {
  const values = evaluations.map(of);
  if (values.includes(undefined)) return undefined;
  return [...new Set(values as string[])].toSorted((a, b) => a.localeCompare(b, "en", { numeric: true })).join("; ");
}
