import { readFileSync } from "node:fs";

/** A schedule's name and options as make_goldens.py recorded them. */
export interface GoldenSchedule {
  name: string;
  warmupSteps?: number;
  warmupRatio?: number;
  [option: string]: string | number | undefined;
}

/** What make_goldens.py recorded of transformers' and torch's schedules. */
export const scheduleGoldens = JSON.parse(readFileSync(new URL("schedules.json", import.meta.url), "utf8")) as {
  versions: Record<string, string>;
  runs: {
    schedule: GoldenSchedule;
    /** Whole steps of warm-up; not for reduce_on_plateau. */
    warmupSteps?: number;
    /** reduce_on_plateau only: what was seen, one after the other. */
    metrics?: number[];
    /** By optimizer step, from the first; with metrics, what holds after each was seen. */
    factors: number[];
  }[];
};
