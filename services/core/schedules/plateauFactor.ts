/** The options of `reduce_on_plateau`. */
export interface PlateauOptions {
  readonly reduction_factor: number;
  /** Evaluations. */
  readonly patience: number;
  readonly threshold: number;
  readonly threshold_mode: "relative" | "absolute";
  /** Evaluations. */
  readonly cooldown: number;
  readonly final_factor: number;
  /** Whether less (a loss) or more is better. */
  readonly mode?: "min" | "max";
}

/** What has been seen so far: plain data, which a checkpoint can hold. */
export interface PlateauState {
  readonly factor: number;
  readonly best: number;
  readonly bad: number;
  readonly cooling: number;
}

/** Before the first evaluation. */
export function initialPlateau({ mode = "min" }: Pick<PlateauOptions, "mode">): PlateauState {
  return { factor: 1, best: mode === "min" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY, bad: 0, cooling: 0 };
}

/** After one more evaluation. Semantics of torch.optim.lr_scheduler.ReduceLROnPlateau with eps 0. */
export function afterEvaluation(state: PlateauState, metric: number, options: PlateauOptions): PlateauState {
  const isBetter = improves(metric, state.best, options);
  const best = isBetter ? metric : state.best;
  let bad = isBetter ? 0 : state.bad + 1;
  let { factor, cooling } = state;
  if (cooling > 0) {
    cooling -= 1;
    bad = 0;
  }
  if (bad > options.patience) {
    factor = Math.max(factor * options.reduction_factor, options.final_factor);
    cooling = options.cooldown;
    bad = 0;
  }
  return { factor, best, bad, cooling };
}

function improves(metric: number, best: number, { threshold, threshold_mode: kind, mode = "min" }: PlateauOptions): boolean {
  if (kind === "absolute") return mode === "min" ? metric < best - threshold : metric > best + threshold;
  // Of an infinite best the share is not a number.
  if (!Number.isFinite(best)) return mode === "min" ? metric < best : metric > best;
  return mode === "min" ? metric < best * (1 - threshold) : metric > best * (1 + threshold);
}
