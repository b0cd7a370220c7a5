import type { Needed } from "./comparison.js";
import type { MetricFacts } from "./comparisonMetrics.js";
import type { Amount, Evidence } from "./evidence.js";
import { about, figure, percent } from "./figures.js";
import { settle, type SettlePlan } from "./settle.js";

/**
 * What gives a verdict if the truth is what was observed, and which.
 * @param size of the data there are
 * @param areGroups whether what counts as an example is a group of alike ones
 */
export function neededToSettle(
  { estimate, outlook }: Evidence,
  plan: SettlePlan,
  size: Amount,
  metric: MetricFacts,
  areGroups = false,
): Needed {
  const { margin, power } = plan;
  const condition = `with a probability of ${percent(power)} if the truth is what was observed`;
  if (margin === undefined && estimate === 0)
    return {
      power,
      what: "A margin is needed: no number of examples shows that two models are equal, only that they differ by less than a margin declared beforehand.",
    };
  if (!outlook)
    return { power, what: "How many more examples or seeds would settle it cannot be said: the data do not show how much they vary." };
  const settled = settle(estimate, outlook, size, plan);
  if (!settled) {
    const within = margin === undefined ? "" : ` with the margin ${figure(margin)}`;
    return {
      power,
      what: `No number of examples or seeds settles a difference in ${metric.noun} of ${figure(estimate)}${within} ${condition}.`,
    };
  }
  const { amount, shows } = settled;
  const more = {
    ...(amount.seeds > size.seeds && { seeds: amount.seeds }),
    ...(amount.examples > size.examples && { examples: amount.examples }),
  };
  const shown =
    shows === "difference"
      ? `a difference in ${metric.noun} as large as the observed ${figure(Math.abs(estimate))}`
      : `that the ${metric.plural} differ by less than the margin ${figure(margin ?? 0)}`;
  return {
    ...more,
    power,
    what: `About ${amountText(more, size, areGroups ? "groups of examples" : "examples")} would show ${shown}, ${condition}.`,
  };
}

function amountText({ examples, seeds }: Partial<Amount>, size: Amount, unit: string): string {
  const parts: string[] = [];
  if (seeds !== undefined) parts.push(`${about(seeds)} training seeds each (there are ${size.seeds})`);
  if (examples !== undefined) parts.push(`${about(examples)} ${unit} (there are ${size.examples.toLocaleString("en-US")})`);
  return parts.join(" on ");
}
