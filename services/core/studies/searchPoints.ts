import { randomBits } from "../random.js";
import type { SearchSpace, StudyTuning } from "./study.js";

/** A point of a search: a value for each searched hyperparameter. */
export type SearchPoint = Record<string, number>;

type Space = Readonly<Record<string, SearchSpace>>;

/**
 * The points that an arm's search tries, as many as there are trials. A grid has every combination of values; a range in it is spaced evenly on
 * its scale, ends included. A random search draws each hyperparameter of each trial on its own, and the same shares of the ranges for every arm.
 * An arm without a search has one point, which is empty.
 * @returns the points, or why there cannot be as many
 */
export function searchPoints(space: Space, tuning: StudyTuning): { points: SearchPoint[] } | { problem: string } {
  const names = Object.keys(space).toSorted();
  if (names.length === 0)
    return tuning.trials === 1
      ? { points: [{}] }
      : { problem: `has nothing to search, and every arm gets ${tuning.trials} trials; give it a search, or one trial to all` };
  return tuning.method === "grid" ? grid(names, space, tuning.trials) : random(names, space, tuning);
}

function grid(names: readonly string[], space: Space, trials: number): { points: SearchPoint[] } | { problem: string } {
  const ranges = names.filter((name) => "min" in (space[name] as SearchSpace));
  if (ranges.length > 1)
    return { problem: `has ranges for ${ranges.join(" and ")}; a grid takes one: give values for the others, or search at random` };
  const listed = names.reduce((product, name) => product * (valuesOf(space[name])?.length ?? 1), 1);
  const spaced = trials / listed;
  const fits = ranges.length === 0 ? spaced === 1 : Number.isInteger(spaced) && spaced >= 1;
  if (!fits)
    return {
      problem:
        `makes a grid of ${listed} ${listed === 1 ? "point" : "points"}${ranges.length > 0 ? " times those of a range" : ""}, ` +
        `and every arm gets ${trials} ${trials === 1 ? "trial" : "trials"}`,
    };
  let points: SearchPoint[] = [{}];
  for (const name of names) {
    const values = valuesOf(space[name]) ?? spacing(space[name] as Range, spaced);
    points = points.flatMap((point) => values.map((value) => ({ ...point, [name]: value })));
  }
  const different = new Set(points.map((point) => JSON.stringify(point))).size;
  if (different < trials)
    return { problem: `leaves too little room for ${trials} different trials: with values of four digits it has ${different}` };
  return { points };
}

function random(names: readonly string[], space: Space, tuning: StudyTuning): { points: SearchPoint[] } | { problem: string } {
  const sizes = names.map((name) => valuesOf(space[name])?.length ?? Infinity);
  const different = sizes.reduce((product, size) => product * size, 1);
  if (different < tuning.trials)
    return { problem: `has ${different} different ${different === 1 ? "point" : "points"}, and every arm gets ${tuning.trials} trials` };
  const points = new Map<string, SearchPoint>();
  for (let draw = 0; points.size < tuning.trials; draw++) {
    if (draw > mostDraws * tuning.trials)
      return { problem: `leaves too little room for ${tuning.trials} different trials: only ${points.size} were found` };
    const point = Object.fromEntries(names.map((name) => [name, drawn(space[name] as SearchSpace, share(name, draw))]));
    // What was drawn before would be the same trial again.
    points.set(JSON.stringify(point), point);
  }
  return { points: [...points.values()] };

  function share(name: string, draw: number): number {
    return (randomBits(tuning.searchSeed, `search/${name}`, draw) + 0.5) / 2 ** 32;
  }
}

/** Draws for each trial: a range of two close ends rounds to few values. */
const mostDraws = 1000;

type Range = Extract<SearchSpace, { min: number }>;

function valuesOf(space: SearchSpace | undefined): readonly number[] | undefined {
  return space && "values" in space ? space.values : undefined;
}

function spacing(range: Range, points: number): number[] {
  if (points === 1) return [at(range, 0.5)];
  return Array.from({ length: points }, (_, index) => at(range, index / (points - 1)));
}

function drawn(space: SearchSpace, share: number): number {
  return "values" in space ? (space.values[Math.floor(share * space.values.length)] as number) : at(space, share);
}

/** The value at a share of a range; between the ends with four digits, which are enough to search with and short to read. */
function at({ min, max, scale }: Range, share: number): number {
  if (share === 0) return min;
  if (share === 1) return max;
  const value = scale === "log" ? min * (max / min) ** share : min + (max - min) * share;
  return Math.min(max, Math.max(min, Number(value.toPrecision(4))));
}
