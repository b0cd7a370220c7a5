import { crossedEvidence } from "#core/comparisons/meanEvidence.js";
import { crossedInterval } from "#core/statistics/crossedMean.js";
import { type Check, simulations } from "./checks.js";
import { type Draws, list } from "./draws.js";

/** Of mean 0: each seed's own deviation, how hard each of 200 examples is, and the rest. */
function crossedRows(random: Draws, seeds: number, ofSeeds: number): Float64Array[] {
  const hard = list(200, () => 0.4 * random.normal());
  return list(seeds, () => {
    const seed = ofSeeds * random.normal();
    return Float64Array.from(hard, (each) => each + seed + 0.3 * random.normal());
  });
}

/** Of means over seeds that are crossed with examples. */
export function crossedChecks(trials: number): Check[] {
  const { coverage, sizeUpTo } = simulations(trials);
  return [
    ...[
      { seeds: 2, least: 0.95 },
      { seeds: 3, least: 0.92 },
      { seeds: 5, least: 0.94 },
      { seeds: 10, least: 0.94 },
    ].flatMap(({ seeds, least }) =>
      [0, 0.04, 0.3].map((ofSeeds) =>
        coverage(
          "two-way random effects, t",
          `${seeds} seeds of deviation ${ofSeeds}, 200 examples of 0.4, rest 0.3`,
          0,
          [least, 1],
          "as its docstring says",
          (random) => crossedInterval(crossedRows(random, seeds, ofSeeds), 0.95),
        ),
      ),
    ),
    ...[
      { seeds: 2, most: 0.05, source: "seeds - 1 degrees of freedom: nominal" },
      { seeds: 3, most: 0.078, source: "decision 0015: at worst 0.078 with three seeds" },
      { seeds: 5, most: 0.059, source: "decision 0015: at worst 0.059 with five seeds" },
    ].map(({ seeds, most, source }) =>
      sizeUpTo(
        most,
        "t test of a two-way random effects model",
        `${seeds} seeds of deviation 0.3, 200 examples of 0.4, rest 0.3`,
        0,
        source,
        (random) => crossedEvidence(crossedRows(random, seeds, 0.3)).pValue < 0.05,
      ),
    ),
  ];
}
