import { meanEvidence } from "#core/comparisons/meanEvidence.js";
import { testedMean } from "#core/statistics/meanTest.js";
import { type Check, simulations } from "./checks.js";
import { type Draws, list } from "./draws.js";

const examples = 200;
const range = { least: -4, most: 4 };

/** Of mean 0: each seed's own deviation, how hard each of 200 examples is, and the rest. */
function crossedRows(random: Draws, seeds: number, ofSeeds: number): Float64Array[] {
  const hard = list(examples, () => 0.4 * random.normal());
  return list(seeds, () => {
    const seed = ofSeeds * random.normal();
    return Float64Array.from(hard, (each) => each + seed + 0.3 * random.normal());
  });
}

/** Of means over seeds that are crossed with examples. */
export function crossedChecks(trials: number): Check[] {
  const { coverage, size, sizeUpTo } = simulations(trials);
  const setting = (seeds: number, ofSeeds: number) => `${seeds} seeds of deviation ${ofSeeds}, ${examples} examples of 0.4, rest 0.3`;
  const test = "test of a two-way random effects model";
  const source = "decision 0019: never above nominal";
  return [2, 3, 5, 10, 20].flatMap((seeds) =>
    [0, 0.04, 0.3].flatMap((ofSeeds) => {
      const pValue = (random: Draws) => meanEvidence(crossedRows(random, seeds, ofSeeds), range, { level: 0.95, levels: [] }).pValue;
      return [
        coverage("two-way random effects, generalised", setting(seeds, ofSeeds), 0, [0.95, 1], source, (random) =>
          testedMean(crossedRows(random, seeds, ofSeeds), range).interval(0.95),
        ),
        size(test, setting(seeds, ofSeeds), 0, source, (random) => pValue(random) < 0.05),
        // What Holm asks of the smallest of 20 p-values.
        sizeUpTo(0.0025, `${test}, at 0.0025`, setting(seeds, ofSeeds), 0, source, (random) => pValue(random) < 0.0025),
      ];
    }),
  );
}
