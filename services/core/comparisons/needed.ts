import type { Needed } from "./comparison.js";
import type { MetricFacts } from "./comparisonMetrics.js";
import type { Amount, Evidence, PowerPlan } from "./evidence.js";
import { about, figure, percent } from "./figures.js";

/**
 * What gives a verdict if the truth is what was observed: the least that shows the difference, or, with a margin, that it is smaller than that.
 * @param size of the data there are
 */
export function neededToSettle(
  { estimate, power, interval }: Evidence,
  plan: PowerPlan,
  size: { examples: number; seeds: number },
  metric: MetricFacts,
  margin?: number,
): Needed {
  const detected = power.toDetect(plan);
  const equated = margin === undefined ? undefined : power.toEquate(margin, plan);
  const probability = `with a probability of ${percent(plan.power)} if the truth is what was observed`;
  if (detected === undefined && equated === undefined) {
    return { power: plan.power, what: whyNothing() };
  }
  const showsDifference = equated === undefined || (detected !== undefined && isLess(detected, equated));
  const amount = (showsDifference ? detected : equated) as Amount;
  const shown = showsDifference
    ? `a difference in ${metric.noun} as large as the observed ${figure(Math.abs(estimate))}`
    : `that the ${metric.plural} differ by less than the margin ${figure(margin ?? 0)}`;
  return { ...amount, power: plan.power, what: `About ${amountText(amount, size)} would show ${shown}, ${probability}.` };

  function whyNothing(): string {
    if (margin === undefined && estimate === 0)
      return "A margin is needed: no number of examples shows that two models are equal, only that they differ by less than a margin declared beforehand.";
    if (interval(1 - plan.alpha).unavailable !== undefined)
      return "How many more examples or seeds would settle it cannot be said: the data do not show how much they vary.";
    const within = margin === undefined ? "" : ` with the margin ${figure(margin)}`;
    return `No number of examples or seeds settles a difference in ${metric.noun} of ${figure(estimate)}${within} ${probability}.`;
  }
}

function isLess(a: Amount, b: Amount): boolean {
  // More seeds cost a training each: fewer of them first, then fewer examples.
  if ((a.seeds ?? 0) !== (b.seeds ?? 0)) return (a.seeds ?? 0) < (b.seeds ?? 0);
  return (a.examples ?? 0) < (b.examples ?? 0);
}

function amountText({ examples, seeds }: Amount, size: { examples: number; seeds: number }): string {
  const parts: string[] = [];
  if (seeds !== undefined) parts.push(`${about(seeds)} training seeds each (there are ${size.seeds})`);
  if (examples !== undefined) parts.push(`${about(examples)} examples (there are ${size.examples.toLocaleString("en-US")})`);
  return parts.join(" on ");
}
