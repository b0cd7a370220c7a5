import { choice, type Declarations, integer, nonNegative, number, type NumberRange } from "../optimizers/hyperparameter.js";

/** Where a job stands, for a schedule: `done` steps of `total`, `warmup` of which are the warm-up's. */
export interface ScheduleProgress {
  readonly done: number;
  readonly warmup: number;
  readonly total: number;
}

/** The values of a schedule's options, complete. */
type Options = Readonly<Record<string, number | string | boolean>>;

/** One schedule of the learning rate. */
export interface ScheduleEntry {
  readonly name: string;
  readonly description: string;
  readonly options: Declarations;
  /** Whether the warm-up is the schedule's own; otherwise it is a straight line from 0. */
  readonly warmsUp?: boolean;
  /** What the peak learning rate is multiplied with, at least 0; with a linear warm-up asked after it only. */
  factor(progress: ScheduleProgress, options: Options): number;
}

const share: NumberRange = { atLeast: 0, atMost: 1 };
const cyclesRange: NumberRange = { above: 0, atMost: 1000 };
const decayShapes = ["cosine", "linear", "1-sqrt"] as const;
const finalFactor = (value: number) => number(value, share, "The least learning rate, as a share of the peak.");
const halfWave = number(0.5, cyclesRange, "Waves of the cosine; one half: from the peak down to the end.");

/** Every schedule. Source: transformers' `get_scheduler`, and torch's OneCycleLR and ReduceLROnPlateau. */
export const schedules: readonly ScheduleEntry[] = [
  { name: "constant", description: "Linear warm-up to the peak, then the peak.", options: {}, factor: () => 1 },
  {
    name: "linear",
    description: "Linear warm-up to the peak, then a straight line to 0.",
    options: {},
    factor: (progress) => 1 - afterWarmup(progress),
  },
  {
    name: "cosine",
    description: "Linear warm-up to the peak, then half a cosine wave to 0.",
    options: { cycles: halfWave },
    factor: (progress, { cycles }) => cosine(2 * Number(cycles) * afterWarmup(progress)),
  },
  {
    name: "cosine_with_restarts",
    description: "Linear warm-up to the peak, then cosine waves down to 0 that start again at the peak.",
    options: { cycles: number(1, cyclesRange, "Waves from the peak to 0.") },
    factor(progress, { cycles }) {
      const done = afterWarmup(progress);
      return done >= 1 ? 0 : cosine((Number(cycles) * done) % 1);
    },
  },
  {
    name: "cosine_with_min_lr",
    description: "Linear warm-up to the peak, then half a cosine wave to a least learning rate.",
    options: { cycles: halfWave, final_factor: finalFactor(0.1) },
    factor: (progress, options) => above(cosine(2 * Number(options["cycles"]) * afterWarmup(progress)), options),
  },
  {
    name: "polynomial",
    description: "Linear warm-up to the peak, then a power of the steps left, to a least learning rate.",
    options: { power: number(1, { above: 0, atMost: 100 }, "Power of the share of steps that is left."), final_factor: finalFactor(1e-7) },
    factor: (progress, options) => above((1 - afterWarmup(progress)) ** Number(options["power"]), options),
  },
  {
    name: "inverse_sqrt",
    description: "Linear warm-up to the peak, then over the root of the steps.",
    options: { timescale: integer(0, nonNegative, "Steps after which the root counts; 0: those of the warm-up, or 10000.", "steps") },
    factor({ done, warmup }, { timescale }) {
      const scale = Number(timescale) || warmup || 10_000;
      return 1 / Math.sqrt((done - warmup + scale) / scale);
    },
  },
  {
    name: "warmup_stable_decay",
    description: "Warm-up to the peak, the peak for most of the steps, then down in the last ones.",
    warmsUp: true,
    options: {
      decay_steps: integer(0, nonNegative, "The last steps, in which the learning rate falls; 0: none.", "steps"),
      warmup_type: choice(["linear", "cosine", "1-sqrt"], "Shape of the warm-up."),
      decay_type: choice(decayShapes, "Shape of the fall."),
      final_factor: finalFactor(0),
      cycles: halfWave,
    },
    factor({ done, warmup, total }, options) {
      const shape = (type: unknown, left: number) =>
        type === "linear" ? left : type === "1-sqrt" ? 1 - Math.sqrt(1 - left) : cosine(2 * Number(options["cycles"]) * (1 - left));
      if (done < warmup) return above(warmupShape(options["warmup_type"], done / warmup), options);
      const decay = Number(options["decay_steps"]);
      const started = done - (total - decay);
      return started < 0 || decay === 0 ? 1 : above(shape(options["decay_type"], 1 - started / decay), options);
    },
  },
  {
    name: "one_cycle",
    description: "From a low learning rate up to the peak at the warm-up's last step, then down to almost nothing.",
    warmsUp: true,
    options: {
      initial_factor: number(0.04, share, "The first learning rate, as a share of the peak."),
      final_factor: finalFactor(4e-6),
      decay_type: choice(["cosine", "linear"], "Shape of both ways."),
    },
    factor({ done, warmup, total }, { initial_factor, final_factor, decay_type }) {
      const between = (from: number, to: number, share: number) =>
        decay_type === "linear" ? from + (to - from) * share : to + (from - to) * cosine(share);
      const top = warmup - 1;
      if (done <= top) return top === 0 ? 1 : between(Number(initial_factor), 1, done / top);
      return between(1, Number(final_factor), (done - top) / (total - 1 - top));
    },
  },
  {
    name: "reduce_on_plateau",
    description: "Linear warm-up to the peak; falls by a factor whenever the validation loss has not fallen for some evaluations.",
    options: {
      reduction_factor: number(0.1, { above: 0, below: 1 }, "What the learning rate is multiplied with."),
      patience: integer(2, nonNegative, "Evaluations without improvement that are let pass.", "evaluations"),
      threshold: number(1e-4, nonNegative, "How much counts as an improvement."),
      threshold_mode: choice(["relative", "absolute"], "Whether the threshold is a share of the best loss."),
      cooldown: integer(0, nonNegative, "Evaluations after a reduction that do not count.", "evaluations"),
      final_factor: finalFactor(0),
    },
    // `plateauFactor.ts` has the rest: what it is multiplied with depends on the evaluations.
    factor: () => 1,
  },
];

/** The share of the steps after the warm-up that is done. */
function afterWarmup({ done, warmup, total }: ScheduleProgress): number {
  return (done - warmup) / Math.max(1, total - warmup);
}

/** From 1 at 0 to 0 at 1. */
function cosine(position: number): number {
  return 0.5 * (1 + Math.cos(Math.PI * position));
}

function warmupShape(type: unknown, done: number): number {
  if (type === "linear") return done;
  return type === "1-sqrt" ? 1 - Math.sqrt(1 - done) : 0.5 * (1 - Math.cos(Math.PI * done));
}

/** A factor from 0 to 1 raised so that it ends at the final one. */
function above(factor: number, { final_factor }: Options): number {
  return factor * (1 - Number(final_factor)) + Number(final_factor);
}
