/**
 * The version of the way in which resamples are drawn from a seed. Raised with any change that draws others, so that a result says which it has.
 */
export const resamplingVersion = 1;

/** Rows that an index can be drawn from: the product with 32 random bits has to be exact. */
export const mostRows = 2 ** 21;

/**
 * xoshiro128**: 32 random bits at a time, with a period of 2^128 - 1. Each resample has a generator of its own, seeded by its number, so that any
 * share of the resamples can be drawn anywhere. Source: Blackman and Vigna, ACM Transactions on Mathematical Software 47(4), 2021; seeded by
 * SplitMix's finaliser, as they advise (Steele, Lea and Flood, OOPSLA 2014; its 32-bit constants are those of Wellons' search, `triple32`).
 */
export class Generator {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  /**
   * @param seed a whole number from 0 to 2^32 - 1
   * @param stream which of the seed's streams, likewise
   */
  constructor(seed: number, stream: number) {
    let state = mixed(seed) ^ mixed(~stream);
    const next = () => mixed((state = (state + 0x9e3779b9) | 0) ^ Math.imul(stream, 0x85ebca6b));
    this.a = next();
    this.b = next();
    this.c = next();
    // Not all four may be 0.
    this.d = next() | 1;
  }

  /** A whole number from 0 to 2^32 - 1. */
  bits(): number {
    const product = Math.imul(this.b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result >>> 0;
  }

  /** Above 0 and below 1. */
  uniform(): number {
    return (this.bits() + 0.5) / 2 ** 32;
  }

  /**
   * A whole number from 0 to `bound` - 1, each equally likely: Lemire, ACM Transactions on Modeling and Computer Simulation 29(1), 2019.
   * @param bound from 1 to `mostRows`
   */
  below(bound: number): number {
    for (;;) {
      const product = this.bits() * bound;
      const result = Math.floor(product * 2 ** -32);
      // Of some results there is one more than of others: the first of each are drawn again.
      if (product - result * 2 ** 32 >= 2 ** 32 % bound) return result;
    }
  }

  /** The sum of as many values, drawn with replacement, as there are: `below` and `bits` written out, with the state in registers. */
  sumOfDraws(values: Float64Array): number {
    let { a, b, c, d } = this;
    const n = values.length;
    const biased = 2 ** 32 % n;
    let sum = 0;
    for (let drawn = 0; drawn < n;) {
      const multiplied = Math.imul(b, 5);
      const bits = Math.imul((multiplied << 7) | (multiplied >>> 25), 9) >>> 0;
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
      const product = bits * n;
      const index = Math.floor(product * 2 ** -32);
      if (product - index * 2 ** 32 < biased) continue;
      sum += values[index] as number;
      drawn++;
    }
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
    return sum;
  }
}

/** A bijection of 32-bit words in which every bit hangs on every other. */
function mixed(word: number): number {
  let x = word | 0;
  x = Math.imul(x ^ (x >>> 17), 0xed5ad4bb);
  x = Math.imul(x ^ (x >>> 11), 0xac4c1b51);
  x = Math.imul(x ^ (x >>> 15), 0x31848bab);
  return x ^ (x >>> 14);
}
