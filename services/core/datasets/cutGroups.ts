import { shuffledIndices } from "../random.js";

/** The rows of a split as a cut sees them. */
export interface GroupedRows {
  /** For each row the number of its group of copies, from 0 in the order in which groups first come. */
  groups: Uint32Array;
  /** For each row its class id. */
  labels: Uint32Array;
}

/** Which groups a cut moves to validation. */
export interface Cut {
  /** 1 for each group that is cut off. */
  isValidation: Uint8Array;
  /** Rows of each group. */
  groupRows: Uint32Array;
  /** For each class id, how many groups have rows of it. */
  groupsOfClass: Map<number, number>;
}

/**
 * Chooses a validation part, stratified by label: groups stay whole, and every class with two or more groups stands on both sides where that
 * is possible. A group counts to the class of most of its rows. Linear in the rows, with typed arrays only: millions are a second's work.
 * @param fraction share of the rows for validation, above 0 and below 1
 * @param seed a whole number from 0 to 2^53 - 1
 * @throws RangeError for a fraction or seed outside its range
 */
export function cutGroups({ groups, labels }: GroupedRows, fraction: number, seed: number): Cut {
  if (!(fraction > 0 && fraction < 1)) throw new RangeError(`fraction is ${fraction}; allowed: above 0 and below 1`);
  const { groupRows, groupLabel, mixed } = summarize(groups, labels);
  const isValidation = new Uint8Array(groupRows.length);
  for (const [label, stratum] of strata(groupLabel)) fillValidation(stratum, groupRows, isValidation, label, fraction, seed);

  const classes = new Map<number, ClassGroups>();
  for (const [group, label] of groupLabel.entries())
    for (const one of mixed.get(group)?.keys() ?? [label]) {
      const counts = classes.get(one) ?? { all: 0, validation: 0 };
      classes.set(one, counts);
      counts.all++;
      counts.validation += isValidation[group] as number;
    }
  for (const label of [...classes.keys()].toSorted((a, b) => a - b))
    for (const side of [1, 0] as const) representOn(side, label, { groupRows, groupLabel, mixed, isValidation, classes });
  return { isValidation, groupRows, groupsOfClass: new Map([...classes].map(([label, { all }]) => [label, all])) };
}

/** How many groups have rows of a class, and how many of those are cut off. */
interface ClassGroups {
  all: number;
  validation: number;
}

/** @returns of each group its rows and the class of most of them, the lowest of several; for groups of several classes the rows of each */
function summarize(groups: Uint32Array, labels: Uint32Array) {
  const count = groups.reduce((most, group) => Math.max(most, group + 1), 0);
  const groupRows = new Uint32Array(count);
  const groupLabel = new Uint32Array(count);
  const mixed = new Map<number, Map<number, number>>();
  for (const [row, group] of groups.entries()) {
    const label = labels[row] as number;
    const before = groupRows[group] as number;
    if (before === 0) groupLabel[group] = label;
    const known = mixed.get(group);
    if (known) known.set(label, (known.get(label) ?? 0) + 1);
    else if (groupLabel[group] !== label)
      mixed.set(
        group,
        new Map([
          [groupLabel[group] as number, before],
          [label, 1],
        ]),
      );
    groupRows[group] = before + 1;
  }
  for (const [group, counts] of mixed)
    groupLabel[group] = [...counts].reduce((best, next) =>
      next[1] > best[1] || (next[1] === best[1] && next[0] < best[0]) ? next : best,
    )[0];
  return { groupRows, groupLabel, mixed };
}

/** The groups of each class, in their order. */
function strata(groupLabel: Uint32Array): Map<number, Uint32Array> {
  const sizes = new Map<number, number>();
  for (const label of groupLabel) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  const found = new Map([...sizes].map(([label, size]) => [label, { groups: new Uint32Array(size), filled: 0 }]));
  for (const [group, label] of groupLabel.entries()) {
    const stratum = found.get(label);
    if (stratum) stratum.groups[stratum.filled++] = group;
  }
  return new Map([...found].map(([label, { groups }]) => [label, groups]));
}

/** Moves groups to validation, in a random order, while that brings its rows closer to the fraction. A lone group stays in training. */
function fillValidation(
  stratum: Uint32Array,
  groupRows: Uint32Array,
  isValidation: Uint8Array,
  label: number,
  fraction: number,
  seed: number,
): void {
  if (stratum.length < 2) return;
  const target = fraction * stratum.reduce((rows, group) => rows + (groupRows[group] as number), 0);
  let taken = 0;
  for (const index of shuffledIndices(stratum.length, seed, `carve validation/class ${label}`)) {
    const group = stratum[index] as number;
    const rows = groupRows[group] as number;
    if (Math.abs(taken + rows - target) >= Math.abs(taken - target)) continue;
    taken += rows;
    isValidation[group] = 1;
  }
}

interface CutState {
  groupRows: Uint32Array;
  groupLabel: Uint32Array;
  mixed: ReadonlyMap<number, ReadonlyMap<number, number>>;
  isValidation: Uint8Array;
  classes: ReadonlyMap<number, ClassGroups>;
}

/** Gives a class that one side lacks its smallest group from the other side, unless that would take another class's last group there. */
function representOn(side: 0 | 1, label: number, state: CutState): void {
  const { groupRows, groupLabel, mixed, isValidation, classes } = state;
  const on = (one: number, wanted: 0 | 1): number => {
    const { all, validation } = classes.get(one) ?? { all: 0, validation: 0 };
    return wanted === 1 ? validation : all - validation;
  };
  if ((classes.get(label)?.all ?? 0) < 2 || on(label, side) > 0) return;
  const labelsOf = (group: number): Iterable<number> => mixed.get(group)?.keys() ?? [groupLabel[group] as number];
  const other = side === 1 ? 0 : 1;
  let moved = -1;
  for (const [group, mostly] of groupLabel.entries()) {
    if (mostly !== label && !mixed.get(group)?.has(label)) continue;
    if (moved !== -1 && (groupRows[moved] as number) <= (groupRows[group] as number)) continue;
    if (![...labelsOf(group)].every((one) => (classes.get(one)?.all ?? 0) < 2 || on(one, other) > 1)) continue;
    moved = group;
  }
  if (moved === -1) return;
  isValidation[moved] = side;
  for (const one of labelsOf(moved)) {
    const counts = classes.get(one);
    if (counts) counts.validation += side === 1 ? 1 : -1;
  }
}
