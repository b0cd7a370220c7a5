import type { ScheduleSelection } from "../jobs/trainingJob.js";
import { schedules } from "./schedules.js";

/**
 * What the peak learning rate is multiplied with: transformers' `get_scheduler` values. As there, the first of the warm-up's steps has
 * factor 0, and the last of all steps one step's share above 0.
 * @param step from 1 to totalSteps
 * @throws RangeError for an unknown schedule or a step outside that range
 */
export function scheduleFactor(schedule: ScheduleSelection, step: number, totalSteps: number): number {
  const entry = schedules.find(({ name }) => name === schedule.name);
  if (!entry) throw new RangeError(`"${schedule.name}" is not a schedule; allowed: ${schedules.map(({ name }) => name).join(", ")}`);
  if (!(step >= 1 && step <= totalSteps)) throw new RangeError(`step ${step} is not within 1 and ${totalSteps}`);
  const progress = { done: step - 1, warmup: warmupSteps(schedule, totalSteps), total: totalSteps };
  if (!entry.warmsUp && progress.done < progress.warmup) return progress.done / progress.warmup;
  const defaults = Object.fromEntries(Object.entries(entry.options).map(([name, declaration]) => [name, declaration.default]));
  return Math.max(0, entry.factor(progress, { ...defaults, ...schedule.options }));
}

/** Steps of linear warm-up: `warmupSteps` where given, else the ratio of all steps, rounded up as transformers does; none where neither is. */
export function warmupSteps(schedule: ScheduleSelection, totalSteps: number): number {
  return schedule.warmupSteps ?? Math.ceil((schedule.warmupRatio ?? 0) * totalSteps);
}
