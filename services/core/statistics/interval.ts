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
    | "linearised ratio, t";
  /** What the uncertainty is about. */
  about: "examples";
  /** Why the data cannot give an interval. */
  unavailable?: string;
}
