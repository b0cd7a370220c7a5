import { readFileSync } from "node:fs";
import type { ScheduleSelection } from "#core/jobs/trainingJob.js";

/** What make_goldens.py recorded of transformers' schedules: `factors` are by optimizer step, from the first. */
export const scheduleGoldens = JSON.parse(readFileSync(new URL("schedules.json", import.meta.url), "utf8")) as {
  versions: Record<string, string>;
  runs: { schedule: ScheduleSelection; warmupSteps: number; factors: number[] }[];
};
