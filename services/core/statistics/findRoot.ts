/**
 * Where a continuous function crosses 0: to the last digits of the place, or where it is 0 exactly. Steps by inverse quadratic interpolation where the
 * three last places make it trustworthy, else halves, so that it takes some ten calls of a smooth function and never more than bisection does by much.
 * Source: Chandrupatla, Advances in Engineering Software 28, 1997.
 * @param low one end
 * @param high the other end, of the opposite sign
 * @param of finite between the ends
 * @param tolerance of the place, relative to its size; default: the last digits
 * @throws RangeError where the ends have the same sign
 */
export function findRoot(low: number, high: number, of: (x: number) => number, tolerance = 4 * Number.EPSILON): number {
  let [a, b] = [high, low];
  let [atA, atB] = [of(a), of(b)];
  if (atA === 0) return a;
  if (atB === 0) return b;
  if (atA > 0 === atB > 0) throw new RangeError(`the function is ${atB} at ${low} and ${atA} at ${high}; allowed: opposite signs`);
  let [c, atC] = [a, atA];
  let share = 0.5;
  for (let step = 0; step < 200; step++) {
    const x = a + share * (b - a);
    const atX = of(x);
    // a is the newest place; b the one on the other side of 0, c the one before.
    if (atX > 0 === atA > 0) [c, atC] = [a, atA];
    else [c, b, atC, atB] = [b, a, atB, atA];
    [a, atA] = [x, atX];
    const best = Math.abs(atA) < Math.abs(atB) ? a : b;
    const least = (tolerance * Math.abs(best) + Number.MIN_VALUE) / Math.abs(b - a);
    if (atX === 0 || least > 0.5) return atX === 0 ? x : best;
    const [place, value] = [(a - b) / (c - b), (atA - atB) / (atC - atB)];
    const isSmooth = value ** 2 < place && (1 - value) ** 2 < 1 - place;
    share = isSmooth ? (atA / (atB - atA)) * (atC / (atB - atC)) + (((c - a) / (b - a)) * (atA / (atC - atA)) * atB) / (atC - atB) : 0.5;
    share = Math.min(1 - least, Math.max(least, share));
  }
  return Math.abs(atA) < Math.abs(atB) ? a : b;
}
