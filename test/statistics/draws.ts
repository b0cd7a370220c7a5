import { randomBits } from "#core/random.js";
import { Generator } from "#core/statistics/resampling/generator.js";

/** Random numbers of one simulation. */
export interface Draws {
  /** Between 0 and 1. */
  uniform(): number;
  /** Standard normal, by Box and Muller. */
  normal(): number;
}

/** @param purpose keeps the streams of one seed apart */
export function draws(seed: number, purpose: string): Draws {
  const generator = new Generator(randomBits(seed, purpose, 0), randomBits(seed, purpose, 1));
  let spare: number | undefined;
  const uniform = () => generator.uniform();
  return {
    uniform,
    normal: () => {
      if (spare !== undefined) {
        const kept = spare;
        spare = undefined;
        return kept;
      }
      const radius = Math.sqrt(-2 * Math.log(uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
  };
}

/** As many values as are asked for, one after another. */
export function list<T>(length: number, of: (index: number) => T): T[] {
  return Array.from({ length }, (_, index) => of(index));
}
