/** One schedule: the factor after warm-up, by the share of the remaining steps that is done, 0 to 1. */
export interface ScheduleEntry {
  readonly name: string;
  readonly description: string;
  readonly factor: (progress: number) => number;
}

/** Every schedule. Source: transformers' `get_scheduler` (`constant_with_warmup`, `linear`, `cosine`). */
export const schedules: readonly ScheduleEntry[] = [
  { name: "constant", description: "Linear warm-up to the peak, then the peak.", factor: () => 1 },
  { name: "linear", description: "Linear warm-up to the peak, then a straight line to 0.", factor: (progress) => 1 - progress },
  {
    name: "cosine",
    description: "Linear warm-up to the peak, then half a cosine wave to 0.",
    factor: (progress) => 0.5 * (1 + Math.cos(Math.PI * progress)),
  },
];
