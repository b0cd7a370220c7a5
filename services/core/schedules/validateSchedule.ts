import type { Fault } from "../fault.js";
import type { ScheduleSelection } from "../jobs/trainingJob.js";
import { suggestion, validateHyperparameters } from "../optimizers/validateHyperparameters.js";
import { quote } from "../quote.js";
import { warmupSteps } from "./scheduleFactor.js";
import { schedules } from "./schedules.js";

/** The usual recipe for fine-tuning. Source: Devlin et al., 2019, arXiv:1810.04805 (linear decay, warm-up over the first tenth of the steps). */
export const defaultSchedule: ScheduleSelection = { name: "linear", warmupRatio: 0.1 };

/** A schedule as a caller wrote it. */
export interface ScheduleDraft {
  name?: string;
  warmupSteps?: number;
  warmupRatio?: number;
  options?: Readonly<Record<string, unknown>>;
}

/**
 * Checks a schedule and fills in its options; what is left out is no fault.
 * @param fieldPath where it stands, for example `training_job.schedule`
 */
export function validateSchedule(schedule: ScheduleDraft, fieldPath: string): { faults: Fault[]; options: ScheduleSelection["options"] } {
  const faults: Fault[] = [];
  const { name = defaultSchedule.name, warmupSteps, warmupRatio } = schedule;
  const names = schedules.map((entry) => entry.name);
  const entry = schedules.find((each) => each.name === name);
  if (!entry)
    faults.push({
      field: `${fieldPath}.name`,
      reason: "UNKNOWN_SCHEDULE",
      description: `${quote(name)} is not a schedule${suggestion(name, names)}; allowed: ${names.join(", ")}`,
    });
  const declared = Object.entries(entry?.options ?? {}).map(([key, declaration]) => ({
    name: key,
    default: declaration.default,
    declaration,
  }));
  const checked =
    entry && validateHyperparameters(`the schedule ${name}`, declared, schedule.options ?? {}, `${fieldPath}.options`, "option");
  if (checked) faults.push(...checked.faults);
  if (warmupSteps !== undefined && !(Number.isSafeInteger(warmupSteps) && warmupSteps >= 0))
    faults.push({
      field: `${fieldPath}.warmup_steps`,
      reason: "OUT_OF_RANGE",
      description: `${warmupSteps} is out of range; allowed: a whole number, at least 0`,
    });
  if (warmupRatio !== undefined && !(warmupRatio >= 0 && warmupRatio <= 1))
    faults.push({
      field: `${fieldPath}.warmup_ratio`,
      reason: "OUT_OF_RANGE",
      description: `${warmupRatio} is out of range; allowed: a number from 0 to 1`,
    });
  return { faults, options: checked?.hyperparameters };
}

/**
 * Checks that a schedule comes to its peak within the job. `transformers` lets the warm-up go on beyond the end, or the fall begin before the
 * beginning, and trains at rates nobody asked for.
 * @param totalSteps of the job
 * @param fieldPath as above
 */
export function stepsFault(schedule: ScheduleSelection, totalSteps: number, fieldPath: string): Fault | undefined {
  const warmup = warmupSteps(schedule, totalSteps);
  const never = (field: string, value: number, most: number): Fault => ({
    field: `${fieldPath}.${field}`,
    reason: "OUT_OF_RANGE",
    description: `${value} is out of range: the job has ${totalSteps} steps${most < totalSteps ? `, ${warmup} of them of warm-up` : ""}, so the learning rate would never come to its peak; allowed: a whole number up to ${most}`,
  });
  if (warmup > totalSteps) return never("warmup_steps", warmup, totalSteps);
  const decay = Number(schedule.options?.["decay_steps"] ?? 0);
  return decay > totalSteps - warmup ? never("options.decay_steps", decay, totalSteps - warmup) : undefined;
}
