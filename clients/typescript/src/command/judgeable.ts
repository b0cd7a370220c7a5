import type { FieldViolation } from "@stepwire/proto";
import { isPlainObject } from "../mapping/struct.js";

/** A message without its faults. */
export interface Judgeable {
  value: Record<string, unknown>;
  /** Indices of what was left out of lists, by the list's path. */
  leftOut: ReadonlyMap<string, readonly number[]>;
}

/**
 * What is left of a message for a service to judge, so that its faults and those found here are told together. A number in quotes or with a fraction
 * is taken for the number that it probably is; an item of a list is left out, everything else is unset.
 * @param misfits whose fields are paths in `value`
 */
export function judgeable(value: Record<string, unknown>, misfits: readonly FieldViolation[]): Judgeable {
  const result = structuredClone(value);
  const leftOut = new Map<string, number[]>();
  for (const { field, description } of misfits) {
    const keys = pathKeys(field);
    const last = keys.pop();
    let parent: unknown = result;
    for (const key of keys) parent = isPlainObject(parent) || Array.isArray(parent) ? (parent as Record<string, unknown>)[key] : undefined;
    if (last === undefined || typeof parent !== "object" || parent === null) continue;
    const holder = parent as Record<string | number, unknown>;
    if (!Array.isArray(parent)) {
      const meant = meantNumber(holder[last], description);
      if (meant === undefined) delete holder[last];
      else holder[last] = meant;
    }
    // A message keeps its place, so that those after it keep theirs.
    else if (description.endsWith("is not an object")) holder[last] = {};
    else {
      const list = field.slice(0, field.lastIndexOf("["));
      leftOut.set(list, [...(leftOut.get(list) ?? []), Number(last)]);
    }
  }
  for (const [list, indices] of leftOut) {
    let items: unknown = result;
    for (const key of pathKeys(list)) items = (items as Record<string, unknown>)[key];
    for (const index of indices.toSorted((a, b) => b - a)) (items as unknown[]).splice(index, 1);
  }
  return { value: result, leftOut };
}

/** The path in the given value of a path in what was left of it. */
export function originalPath(path: string, leftOut: Judgeable["leftOut"]): string {
  return path.replace(/\[(\d+)\]/g, (_all, digits: string, offset: number) => {
    let index = Number(digits);
    for (const gone of (leftOut.get(path.slice(0, offset)) ?? []).toSorted((a, b) => a - b)) if (gone <= index) index++;
    return `[${index}]`;
  });
}

/** `arms[0].name` as its keys. */
export function pathKeys(path: string): (string | number)[] {
  return [...path.matchAll(/[^.[\]]+/g)].map(([key]) => (/^\d+$/.test(key) ? Number(key) : key));
}

function meantNumber(value: unknown, description: string): number | undefined {
  if (!/ is not a (whole )?number$/.test(description)) return undefined;
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) return undefined;
  return description.endsWith("whole number") ? Math.trunc(number) : number;
}
