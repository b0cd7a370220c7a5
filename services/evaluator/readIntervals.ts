import type { Evaluation } from "@stepwire/proto";
import { defaultIntervals, type IntervalSettings } from "#core/evaluations/evaluation.js";
import type { Fault } from "#core/fault.js";
import { counted, numberFault, type NumberRule } from "#core/jobs/numberRule.js";
import { nearest } from "#core/nearest.js";
import { quote } from "#core/quote.js";
import { binomialMethods } from "#core/statistics/binomialInterval.js";
import { bootstrapMethods } from "#core/statistics/resampling/bootstrapBounds.js";

/** How a caller wants an evaluation's intervals, every default filled in. */
export function readIntervals(
  { level, interval, bootstrap }: Pick<Evaluation, "level" | "interval" | "bootstrap">,
  faults: Fault[],
): IntervalSettings {
  const number = (field: string, value: number | undefined, rule: NumberRule, fallback: number): number => {
    const fault = value === undefined ? undefined : numberFault(`evaluation.${field}`, value, rule);
    if (fault) faults.push(fault);
    return value ?? fallback;
  };
  const choose = <T extends string>(field: string, value: string | undefined, allowed: readonly T[], fallback: T): T => {
    const found = allowed.find((each) => each === value);
    if (value && !found) {
      const meant = nearest(value, allowed);
      const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
      faults.push({
        field: `evaluation.${field}`,
        reason: "UNKNOWN_VALUE",
        description: `${quote(value)} is not known; allowed: ${allowed.join(", ")}${hint}`,
      });
    }
    return found ?? fallback;
  };
  const usual = defaultIntervals.bootstrap;
  return {
    level: number("level", level, { above: 0, below: 1 }, defaultIntervals.level),
    interval: choose("interval", interval, binomialMethods, defaultIntervals.interval),
    bootstrap: {
      method: choose("bootstrap.method", bootstrap?.method, bootstrapMethods, usual.method),
      resamples: number("bootstrap.resamples", bootstrap?.resamples, counted(100, 1_000_000), usual.resamples),
      seed: number("bootstrap.seed", bootstrap?.seed, counted(0, 2 ** 32 - 1), usual.seed),
    },
  };
}
