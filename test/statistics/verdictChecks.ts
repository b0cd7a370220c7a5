import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { detectableDifference } from "#core/comparisons/chances.js";
import type { ComparisonGroup, ComparisonSettings, Verdict } from "#core/comparisons/comparison.js";
import { judgePairs, type JudgedPair } from "#core/comparisons/judgePairs.js";
import { meanEvidence } from "#core/comparisons/meanEvidence.js";
import { meanOutlook } from "#core/comparisons/meanOutlook.js";
import { meanTest } from "#core/statistics/meanTest.js";
import type { MeanOutcomes } from "#core/comparisons/outcomes.js";
import { type Check, monteCarlo } from "./checks.js";
import { draws, type Draws, list } from "./draws.js";

// How often verdicts are wrong, through the code that gives them, where that is hardest: few seeds, many pairs, nearly equal models, rare errors.

const promised = 0.05;

/** What one simulated study came to. */
type Outcome = Readonly<Record<string, boolean>>;

interface Scenario {
  name: string;
  setting: string;
  study(random: Draws): Outcome;
  /** By the names of what a study came to: how often at most; left out: printed to be seen. */
  most: Readonly<Record<string, number | undefined>>;
}

/** @param studies how many of each scenario */
export function verdictChecks(studies: number): Check[] {
  return [...scenarios(), ...powerScenarios()].flatMap((scenario) => run(scenario, studies));
}

function run({ name, setting, study, most }: Scenario, studies: number): Check[] {
  const counts = new Map<string, number>();
  for (let index = 0; index < studies; index++)
    for (const [what, is] of Object.entries(study(draws(4, `${name}/${setting}/${index}`))))
      if (is) counts.set(what, (counts.get(what) ?? 0) + 1);
  return Object.entries(most).map(([measure, allowed]): Check => {
    const shape = { name, setting, measure, value: (counts.get(measure) ?? 0) / studies };
    if (allowed === undefined) return { ...shape, least: 0, most: 1, source: "printed to be seen" };
    return { ...shape, least: 0, most: allowed + monteCarlo(allowed, studies), source: `promised: at most ${allowed}` };
  });
}

const isDifferent = (verdict: Verdict) => verdict === "BETTER" || verdict === "WORSE";
const anyDifferent = (pairs: readonly JudgedPair[]) => pairs.some(({ verdict }) => isDifferent(verdict));
const anyEqual = (pairs: readonly JudgedPair[]) => pairs.some(({ verdict }) => verdict === "EQUIVALENT");

const wrongDifference = "wrong BETTER or WORSE";
const wrongEquivalence = "wrong EQUIVALENT";

function means(name: string, rows: readonly ArrayLike<number>[], range?: MeanOutcomes["range"]): ComparisonGroup {
  return { name, evaluations: rows.map((values) => ({ kind: "mean", values, ...(range && { range }) })) };
}

/** How a training went, how hard an example is, and chance make an answer right. */
const spread = { example: 1, seed: 0.05, chance: 0.7 };
const total = Math.hypot(spread.example, spread.seed, spread.chance);

/** Right (1) or wrong, on average in `share` of the examples, for each seed. */
function answers(random: Draws, hard: ArrayLike<number>, seeds: number, share: number, seedSpread = spread.seed): Uint8Array[] {
  return list(seeds, () => {
    const level = total * normalQuantile(share, 0, 1) + seedSpread * random.normal();
    return Uint8Array.from({ length: hard.length }, (_, index) =>
      (hard[index] as number) + level + spread.chance * random.normal() > 0 ? 1 : 0,
    );
  });
}

const hardness = (random: Draws, examples: number) => Float64Array.from({ length: examples }, () => spread.example * random.normal());
const accuracy: ComparisonSettings = { metric: "accuracy", margin: 0.02 };

function scenarios(): Scenario[] {
  return [
    ...[2, 3, 5, 10, 20].map((seeds): Scenario => ({
      name: "20 independent pairs without a difference, Holm",
      setting: `${seeds} seeds, their variance ten times that of examples`,
      most: { [wrongDifference]: promised },
      study: (random) => ({ [wrongDifference]: anyDifferent(nullPairs(random, seeds, 20)) }),
    })),
    ...[2, 3, 5, 10].map((seeds): Scenario => ({
      name: "one pair without a difference, at what Holm asks of 20",
      setting: `${seeds} seeds, their variance ten times that of examples`,
      most: { "p below 0.0025": 0.0025 },
      study: (random) => ({ "p below 0.0025": nullPairs(random, seeds, 1).some(({ of }) => of.pValue < 0.0025) }),
    })),
    ...[3, 10].map((seeds): Scenario => ({
      name: "45 pairs of ten equal arms, Holm",
      setting: `${seeds} seeds, accuracy, 200 examples`,
      most: { [wrongDifference]: promised },
      study: (random) => {
        const hard = hardness(random, 200);
        const arms = list(10, (arm) => means(`arm ${arm}`, answers(random, hard, seeds, 0.88)));
        return { [wrongDifference]: anyDifferent(judgePairs(arms, accuracy)) };
      },
    })),
    ...[3, 5, 10].map((seeds): Scenario => ({
      name: "one training in ten collapses, three arms against a steady one, equal means",
      setting: `${seeds} seeds`,
      most: { "wrong though one was seen to collapse": promised, "wrong, none having been seen": undefined },
      study: (random) => {
        const hard = hardness(random, 400);
        const collapsing = () =>
          answers(random, hard, seeds, 0.88 + 0.1 * (0.42 / 0.9)).map((row) =>
            random.uniform() < 0.1 ? row.map(() => (random.uniform() < 0.5 ? 1 : 0)) : row,
          );
        const arms = [means("steady", answers(random, hard, seeds, 0.88)), ...list(3, (arm) => means(`arm ${arm}`, collapsing()))];
        const pairs = judgePairs(arms, { ...accuracy, reference: "steady" });
        const isWrong = anyDifferent(pairs);
        const wasSeen = (pairs[0]?.collapsed ?? 0) > 0;
        return { "wrong though one was seen to collapse": isWrong && wasSeen, "wrong, none having been seen": isWrong && !wasSeen };
      },
    })),
    ...[3, 5, 10].map((seeds): Scenario => ({
      name: "log loss, one example in a hundred has 6 nats more with all seeds, equal means",
      setting: `${seeds} seeds, 386 examples`,
      most: { [wrongDifference]: promised },
      study: (random) => ({ [wrongDifference]: anyDifferent(rareLosses(random, seeds, 386, 0.06)) }),
    })),
    ...[100, 400].map((examples): Scenario => ({
      name: "one model each, log loss, one example in a hundred has 6 nats more",
      setting: `${examples} examples`,
      most: { [wrongDifference]: promised, [wrongEquivalence]: promised },
      study: (random) => ({
        [wrongDifference]: anyDifferent(rareLosses(random, 1, examples, 0.06)),
        // The other has none, and the margin is just the difference.
        [wrongEquivalence]: anyEqual(rareLosses(random, 1, examples, 0)),
      }),
    })),
    ...[1, 20].map((pairs): Scenario => ({
      name: "an arm loses a random 2% of examples with all seeds, just the margin",
      setting: `5 seeds, 386 examples, ${pairs} ${pairs === 1 ? "pair" : "pairs"}`,
      most: { [wrongEquivalence]: promised },
      study: (random) => {
        const groups = list(pairs, (pair) => {
          const lost = list(386, () => random.uniform() < 0.02);
          const row = (isWhole: boolean) => Uint8Array.from(lost, (is) => (is && !isWhole ? 0 : 1));
          return [true, false].map((isWhole) =>
            means(
              `${pair} ${isWhole}`,
              list(5, () => row(isWhole)),
            ),
          );
        });
        const named = groups.map(([first, second]) => [first?.name ?? "", second?.name ?? ""] as const);
        return { [wrongEquivalence]: anyEqual(judgePairs(groups.flat(), { ...accuracy, pairs: named })) };
      },
    })),
    ...[1, 2, 3, 5, 10].map((seeds): Scenario => ({
      name: "accuracies that differ by just the margin",
      setting: `${seeds} ${seeds === 1 ? "model" : "seeds"} each, 400 examples`,
      most: { [wrongEquivalence]: promised },
      study: (random) => {
        const hard = hardness(random, 400);
        const arms = [means("a", answers(random, hard, seeds, 0.88)), means("b", answers(random, hard, seeds, 0.9))];
        return { [wrongEquivalence]: anyEqual(judgePairs(arms, accuracy)) };
      },
    })),
    ...[2, 3, 5, 10].map((seeds): Scenario => ({
      name: "equal arms, the seeds of one varying ten times as much",
      setting: `${seeds} seeds, accuracy, 300 examples`,
      most: { [wrongDifference]: promised },
      study: (random) => {
        const hard = hardness(random, 300);
        // Of the wider one the mean over seeds is a little nearer to one half: its level makes up for it.
        const wide = Math.hypot(spread.example, 0.3, spread.chance) / Math.hypot(spread.example, 0.03, spread.chance);
        const level = (share: number, scale: number) => {
          const place = normalQuantile(share, 0, 1) * scale;
          return list(seeds, () => place);
        };
        const arm = (seedSpread: number, scale: number) =>
          level(0.85, scale).map((place) => {
            const shifted = Math.hypot(spread.example, 0.03, spread.chance) * place + seedSpread * random.normal();
            return Uint8Array.from(hard, (each) => (each + shifted + spread.chance * random.normal() > 0 ? 1 : 0));
          });
        return { [wrongDifference]: anyDifferent(judgePairs([means("a", arm(0.3, wide)), means("b", arm(0.03, 1))], accuracy)) };
      },
    })),
    ...[2, 3, 5, 10].map((seeds): Scenario => ({
      name: "equal arms that share what a seed does",
      setting: `${seeds} seeds, accuracy, 300 examples`,
      most: { [wrongDifference]: promised },
      study: (random) => {
        const hard = hardness(random, 300);
        const shared = list(seeds, () => 0.2 * random.normal());
        const arm = () =>
          shared.map((seed) => Uint8Array.from(hard, (each) => (each + 1.4 + seed + spread.chance * random.normal() > 0 ? 1 : 0)));
        return { [wrongDifference]: anyDifferent(judgePairs([means("a", arm()), means("b", arm())], accuracy)) };
      },
    })),
    ...[2, 3, 5].map((seeds): Scenario => ({
      name: "equal arms that differ in nothing but chance",
      setting: `${seeds} seeds, accuracy, 200 examples`,
      most: { [wrongDifference]: promised },
      study: (random) => {
        const arm = () => list(seeds, () => Uint8Array.from({ length: 200 }, () => (random.uniform() < 0.9 ? 1 : 0)));
        return { [wrongDifference]: anyDifferent(judgePairs([means("a", arm()), means("b", arm())], accuracy)) };
      },
    })),
    ...[1, 3, 5].map((seeds): Scenario => ({
      name: "losses with heavy tails (log-normal, deviation 1.5 of the logarithm), equal means",
      setting: `${seeds} ${seeds === 1 ? "model" : "seeds"} each, 200 examples`,
      most: { [wrongDifference]: promised },
      study: (random) => {
        const arm = () => list(seeds, () => Float64Array.from({ length: 200 }, () => 0.1 * Math.exp(1.5 * random.normal())));
        return { [wrongDifference]: anyDifferent(judgePairs([means("a", arm()), means("b", arm())], { metric: "loss" })) };
      },
    })),
    ...[1, 3, 5].map((seeds): Scenario => ({
      name: "nearly the same models, one answer in a hundred drawn anew",
      setting: `${seeds} ${seeds === 1 ? "model" : "seeds"} each, 400 examples`,
      most: { [wrongDifference]: promised, "right EQUIVALENT": undefined },
      study: (random) => {
        const first = answers(random, hardness(random, 400), seeds, 0.9);
        const second = first.map((row) => row.map((value) => (random.uniform() < 0.01 ? (random.uniform() < 0.9 ? 1 : 0) : value)));
        const pairs = judgePairs([means("a", first), means("b", second)], accuracy);
        return { [wrongDifference]: anyDifferent(pairs), "right EQUIVALENT": anyEqual(pairs) };
      },
    })),
    ...[1, 3, 5].map((seeds): Scenario => ({
      name: "macro F1 of equal models, classes of 90, 8 and 2 in a hundred",
      setting: `${seeds} ${seeds === 1 ? "model" : "seeds"} each, 300 examples`,
      most: { [wrongDifference]: promised },
      study: (random) => {
        const labels = Uint8Array.from({ length: 300 }, () => {
          const place = random.uniform();
          return place < 0.9 ? 0 : place < 0.98 ? 1 : 2;
        });
        const guess = (label: number) => (random.uniform() < 0.8 ? label : Math.floor(3 * random.uniform()));
        const arm = (name: string): ComparisonGroup => ({
          name,
          evaluations: list(seeds, () => ({ kind: "classes", labels, predicted: labels.map(guess), classes: 3 })),
        });
        return { [wrongDifference]: anyDifferent(judgePairs([arm("a"), arm("b")], { metric: "macro_f1" })) };
      },
    })),
    ...[
      { seeds: 1, documents: 20 },
      { seeds: 1, documents: 60 },
      { seeds: 5, documents: 40 },
    ].map(({ seeds, documents }): Scenario => ({
      name: "documents of 1 to 8 sentences that are alike, equal models",
      setting: `${seeds} ${seeds === 1 ? "model" : "seeds"} each, accuracy, ${documents} documents`,
      most: { [wrongDifference]: promised, "wrong, sentences taken for independent": undefined },
      study: (random) => {
        const clusters = list(documents, (document) => list(1 + (document % 8), () => document)).flat();
        // A model has a liking of its own for each document, with all seeds.
        const arms = ["a", "b"].map((name) => {
          const likings = list(documents, () => random.normal());
          const rows = list(seeds, () =>
            Uint8Array.from(clusters, (document) => ((likings[document] as number) + 1 + 0.3 * random.normal() > 0 ? 1 : 0)),
          );
          return means(name, rows);
        });
        return {
          [wrongDifference]: anyDifferent(judgePairs(arms, { ...accuracy, clusters })),
          "wrong, sentences taken for independent": anyDifferent(judgePairs(arms, accuracy)),
        };
      },
    })),
    ...[1, 2, 5].map((seeds): Scenario => ({
      name: "a test split of 30 examples, equal models",
      setting: `${seeds} ${seeds === 1 ? "model" : "seeds"} each, accuracy`,
      most: { [wrongDifference]: promised },
      study: (random) => {
        const hard = hardness(random, 30);
        const arms = ["a", "b"].map((name) => means(name, answers(random, hard, seeds, 0.8)));
        return { [wrongDifference]: anyDifferent(judgePairs(arms, accuracy)) };
      },
    })),
  ];
}

/** Normal values whose seeds vary as ten times their examples. */
function nullPairs(random: Draws, seeds: number, pairs: number): JudgedPair[] {
  const examples = 200;
  const range = { least: 0, most: 8 };
  const arm = (name: string) => {
    const rows = list(seeds, () => {
      const own = 4 + Math.sqrt(10 / examples) * random.normal();
      return Float64Array.from({ length: examples }, () => own + 0.5 * random.normal());
    });
    return means(name, rows, range);
  };
  const named = list(pairs, (pair) => [`${pair} a`, `${pair} b`] as const);
  return judgePairs(
    named.flatMap(([first, second]) => [arm(first), arm(second)]),
    { metric: "loss", pairs: named },
  );
}

/** One of the two has rare large errors, which all of its seeds share, the other `shift` nats more throughout. */
function rareLosses(random: Draws, seeds: number, examples: number, shift: number): JudgedPair[] {
  const base = list(examples, () => -0.3 * Math.log(random.uniform()));
  const rare = list(examples, () => (random.uniform() < 0.01 ? 6 : 0));
  const rows = (more: (index: number) => number) =>
    list(seeds, () => Float64Array.from(base, (loss, index) => Math.max(1e-4, loss + 0.05 * random.normal()) + more(index)));
  const arms = [
    means(
      "rare",
      rows((index) => rare[index] ?? 0),
    ),
    means(
      "steady",
      rows(() => shift),
    ),
  ];
  return judgePairs(arms, { metric: "loss", margin: 0.06 });
}

/** A difference that should be seen in 80% of studies: no less, and not much more. */
function powerScenarios(): Scenario[] {
  const examples = 200;
  return [2, 3, 5, 10].flatMap((seeds) =>
    [0.02, 0.1].map((seedSpread): Scenario => {
      const squares = { ofSeeds: 0.09 + examples * seedSpread ** 2, ofExamples: 0.09 + seeds * 0.16, residual: 0.09 };
      const size = { seeds, examples };
      // As a sample of the same distribution would have it.
      const deviation = Math.sqrt(0.16 + 0.09 / seeds);
      const sample = list(examples, (index) => deviation * normalQuantile((index + 0.5) / examples, 0, 1));
      const extraVariance = meanTest([sample], { least: -4, most: 4 })?.extraVariance ?? (() => Number.NaN);
      const outlook = meanOutlook({ size, estimate: 0, squares, extraVariance });
      const difference = detectableDifference((there) => outlook(size, 0.05, there), 0.8, 3) ?? Number.NaN;
      return {
        name: "the smallest difference that is seen with a probability of 80%",
        setting: `${seeds} seeds of deviation ${seedSpread}, ${examples} examples of 0.4, rest 0.3`,
        most: { "not seen": 0.2 },
        study: (random) => {
          const hard = list(examples, () => 0.4 * random.normal());
          const rows = list(seeds, () => {
            const seed = difference + seedSpread * random.normal();
            return Float64Array.from(hard, (each) => each + seed + 0.3 * random.normal());
          });
          return { "not seen": !(meanEvidence(rows, { least: -4, most: 4 }, { level: 0.95, levels: [] }).pValue < 0.05) };
        },
      };
    }),
  );
}
