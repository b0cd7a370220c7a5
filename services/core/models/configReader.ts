import type { Fault } from "../fault.js";
import { describeValue } from "./describeValue.js";

/** Reads settings of a `config.json` one by one, and collects what is wrong with them. */
export interface ConfigReader {
  faults: Fault[];
  /** `undefined` for `null` too. */
  get(key: string): unknown;
  /** A reader of the object under a key, whose faults are the same list; `undefined`: there is none. */
  part(key: string): ConfigReader | undefined;
  refuse(reason: string, description: string): void;
  /** A whole number. */
  whole(key: string, most: number, fallback?: number, least?: number): number;
  /** A number from `low` to below `below`. */
  within(key: string, fallback: number | undefined, low: number, below: number): number;
  flag(key: string, fallback: boolean): boolean;
  /** Refuses a value that would be computed differently; a setting that is left out is fine. */
  only(key: string, allowed: readonly (string | number | boolean)[], why?: string): void;
}

/**
 * @param json what was parsed
 * @param field the path that faults are reported under
 */
export function configReader(json: unknown, field: string): ConfigReader {
  return readerOf(json, { field, faults: [], key: undefined });
}

function readerOf(json: unknown, place: { field: string; faults: Fault[]; key: string | undefined }): ConfigReader {
  const { field, faults, key: outer } = place;
  const prefix = outer === undefined ? "" : `${outer}.`;
  const refuse = (reason: string, description: string) => void faults.push({ field, reason, description: `config.json: ${description}` });
  const isObject = typeof json === "object" && json !== null && !Array.isArray(json);
  if (!isObject) refuse("INVALID", outer === undefined ? "is not a JSON object" : `${outer} is ${describeValue(json)}; allowed: an object`);
  const values = new Map<string, unknown>(isObject ? Object.entries(json) : []);
  const refuseKey = (reason: string, description: string) => refuse(reason, `${prefix}${description}`);
  const get = (key: string) => values.get(key) ?? undefined;
  return {
    faults,
    get,
    part(key) {
      const value = get(key);
      return value === undefined ? undefined : readerOf(value, { field, faults, key: `${prefix}${key}` });
    },
    refuse: refuseKey,
    whole(key, most, fallback, least = 1) {
      const value = get(key) ?? fallback;
      if (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most) return value;
      refuseKey("INVALID", `${key} is ${describeValue(value)}; allowed: a whole number from ${least} to ${most}`);
      return least;
    },
    within(key, fallback, low, below) {
      const value = get(key) ?? fallback;
      if (typeof value === "number" && value >= low && value < below) return value;
      refuseKey("INVALID", `${key} is ${describeValue(value)}; allowed: from ${low} to below ${below}`);
      return fallback ?? Number.NaN;
    },
    flag(key, fallback) {
      const value = get(key) ?? fallback;
      if (typeof value === "boolean") return value;
      refuseKey("INVALID", `${key} is ${describeValue(value)}; allowed: true, false`);
      return fallback;
    },
    only(key, allowed, why) {
      const value = get(key);
      if (value === undefined || allowed.some((each) => each === value)) return;
      const reason = why === undefined ? "" : ` (${why})`;
      refuseKey("UNSUPPORTED", `${key} is ${describeValue(value)}; allowed: ${allowed.map(describeValue).join(", ")}${reason}`);
    },
  };
}

/** Far above every model there is, and small enough that nothing which is sized by them can be asked for by mistake. */
export const greatest = {
  vocabulary: 4_194_304,
  hidden: 32_768,
  layers: 512,
  heads: 1024,
  intermediate: 131_072,
  positions: 1_048_576,
  types: 1024,
} as const;
