/** An interval estimate: the one shape for every interval. `lower` and `upper` are missing exactly when `unavailable` says why. */
export interface Interval {
  /** In the metric's own unit; NaN when there is nothing to estimate it from. */
  estimate: number;
  lower?: number;
  upper?: number;
  /** Confidence level, 0 < level < 1. */
  level: number;
  method:
    | "wilson"
    | "clopper-pearson"
    | "agresti-coull"
    | "jeffreys"
    | "tango"
    | "newcombe"
    | "delta method, normal"
    | "delta method, generalised"
    | "linearised ratio, t"
    | "two-way random effects, generalised"
    | "restricted likelihood, t"
    | "delong"
    | "clustered, t"
    | "stratified bootstrap, percentile"
    | "bootstrap, bca"
    | "bootstrap, percentile";
  /** What the uncertainty is about. */
  about: "examples" | "seeds" | "examples and seeds";
  /** Why the data cannot give an interval. */
  unavailable?: string;
  /** How a bootstrap's resamples were drawn. */
  resampling?: Resampling;
}

/** What it takes to draw the same resamples again. */
export interface Resampling {
  /** Of the way in which resamples are drawn from a seed. */
  version: number;
  resamples: number;
  /** A whole number from 0 to 2^32 - 1. */
  seed: number;
}
