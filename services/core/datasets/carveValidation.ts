import { shuffledIndices } from "../random.js";
import type { Example } from "./example.js";

/**
 * Cuts a validation part off a training split, stratified by label. Duplicates (the same text and pair after Unicode NFKC, case folding and
 * collapsing white space, whatever their labels) stay on one side. Every class with two or more distinct texts stands on both sides where
 * that is possible. The order of the rows is kept within each part.
 * @param fraction share of the rows for validation, above 0 and below 1
 * @param seed a whole number from 0 to 2^53 - 1
 * @throws RangeError for a fraction or seed outside its range
 */
export function carveValidation(examples: readonly Example[], fraction: number, seed: number): { train: Example[]; validation: Example[] } {
  if (!(fraction > 0 && fraction < 1)) throw new RangeError(`fraction is ${fraction}; allowed: above 0 and below 1`);
  const groups = groupDuplicates(examples);
  const groupsOfClass = new Map<number, Group[]>();
  const strata = new Map<number, Group[]>();
  for (const group of groups) {
    append(strata, mostCommon(group), group);
    for (const label of group.labels.keys()) append(groupsOfClass, label, group);
  }
  for (const [label, stratum] of strata) fillValidation(stratum, label, fraction, seed);
  for (const label of [...groupsOfClass.keys()].toSorted((a, b) => a - b)) {
    representOn(true, label, groupsOfClass);
    representOn(false, label, groupsOfClass);
  }
  const inValidation = new Set(groups.filter((group) => group.validation).flatMap((group) => group.rows));
  return {
    train: examples.filter((_, row) => !inValidation.has(row)),
    validation: examples.filter((_, row) => inValidation.has(row)),
  };
}

/** Rows that stay together. */
interface Group {
  rows: number[];
  /** Rows of each label. */
  labels: Map<number, number>;
  validation: boolean;
}

function groupDuplicates(examples: readonly Example[]): Group[] {
  const groups = new Map<string, Group>();
  for (const [row, { text, textPair, label }] of examples.entries()) {
    // Folded texts hold no newline, so it keeps text and pair apart.
    const key = textPair === undefined ? folded(text) : `${folded(text)}\n${folded(textPair)}`;
    const group: Group = groups.get(key) ?? { rows: [], labels: new Map(), validation: false };
    groups.set(key, group);
    group.rows.push(row);
    group.labels.set(label, (group.labels.get(label) ?? 0) + 1);
  }
  return [...groups.values()];
}

function folded(text: string): string {
  // Upper before lower case, so that "ß" and "SS" meet; normalised again since changing case can undo it.
  return text.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC").replace(/\s+/g, " ").trim();
}

/** The label of most of a group's rows; the lowest of several. */
function mostCommon({ labels }: Group): number {
  return [...labels].reduce((best, next) => (next[1] > best[1] || (next[1] === best[1] && next[0] < best[0]) ? next : best))[0];
}

/** Moves groups to validation, in a random order, while that brings its rows closer to the fraction. A lone group stays in training. */
function fillValidation(stratum: readonly Group[], label: number, fraction: number, seed: number): void {
  if (stratum.length < 2) return;
  const target = fraction * stratum.reduce((rows, group) => rows + group.rows.length, 0);
  let taken = 0;
  for (const index of shuffledIndices(stratum.length, seed, `carve validation/class ${label}`)) {
    const group = stratum[index] as Group;
    if (Math.abs(taken + group.rows.length - target) >= Math.abs(taken - target)) continue;
    taken += group.rows.length;
    group.validation = true;
  }
}

/** Gives a class that one side lacks its smallest group from the other side, unless that would take another class's last group there. */
function representOn(validation: boolean, label: number, groupsOfClass: ReadonlyMap<number, readonly Group[]>): void {
  const groups = groupsOfClass.get(label) ?? [];
  if (groups.length < 2 || groups.some((group) => group.validation === validation)) return;
  const spared = (group: Group) =>
    [...group.labels.keys()].every((other) => {
      const others = groupsOfClass.get(other) ?? [];
      return others.length < 2 || others.some((candidate) => candidate !== group && candidate.validation !== validation);
    });
  const moved = groups
    .filter(spared)
    .reduce<Group | undefined>((best, group) => (best && best.rows.length <= group.rows.length ? best : group), undefined);
  if (moved) moved.validation = validation;
}

function append<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
