import { createHash } from "node:crypto";

/**
 * Philox4x32-10: 128 counter bits and 64 key bits give 128 random bits, with no state to carry along.
 * Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 * @param counter four 32-bit words
 * @param key two 32-bit words
 * @returns four 32-bit words, unsigned
 */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): [number, number, number, number] {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const high0 = highProduct(multiplier0, c0);
    const high1 = highProduct(multiplier1, c2);
    const low0 = Math.imul(multiplier0, c0);
    const low1 = Math.imul(multiplier1, c2);
    c0 = high1 ^ c1 ^ k0;
    c2 = high0 ^ c3 ^ k1;
    c1 = low1;
    c3 = low0;
    k0 = (k0 + weyl0) | 0;
    k1 = (k1 + weyl1) | 0;
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
}

/**
 * The `counter`-th random word of the stream that a seed and a purpose name: the same in every process, whatever was drawn before.
 * @param seed a whole number from 0 to 2^53 - 1
 * @param purpose keeps the streams of one seed apart, for example "shuffle/epoch 3"
 * @param counter a whole number from 0 to 2^53 - 1
 * @returns 32 random bits, as a whole number from 0 to 2^32 - 1
 * @throws RangeError for a seed or counter outside its range
 */
export function randomBits(seed: number, purpose: string, counter: number): number {
  checkWhole("counter", counter);
  return wordAt(blockSource(seed, purpose)(Math.floor(counter / 4)), counter % 4);
}

/**
 * 0 to n - 1 in an order in which every permutation is equally likely (Fisher-Yates over Philox).
 * @param n how many, from 0 to 2^32 - 1
 * @param seed a whole number from 0 to 2^53 - 1
 * @param purpose keeps the shuffles of one seed apart
 * @throws RangeError for a count or seed outside its range
 */
export function shuffledIndices(n: number, seed: number, purpose: string): Uint32Array {
  if (!Number.isInteger(n) || n < 0 || n >= twoTo32) throw new RangeError(`n is ${n}; allowed: a whole number from 0 to ${twoTo32 - 1}`);
  const nextBelow = boundedSource(seed, purpose);
  const indices = Uint32Array.from({ length: n }, (_, index) => index);
  for (let last = n - 1; last > 0; last--) {
    const other = nextBelow(last + 1);
    const kept = indices[last] as number;
    indices[last] = indices[other] as number;
    indices[other] = kept;
  }
  return indices;
}

/** Whole numbers below a bound, without the bias of a plain remainder: words of the incomplete last cycle are drawn again. */
function boundedSource(seed: number, purpose: string): (bound: number) => number {
  const block = blockSource(seed, purpose);
  let words = block(0);
  let drawn = 0;
  const next = () => {
    if (drawn > 0 && drawn % 4 === 0) words = block(drawn / 4);
    return wordAt(words, drawn++ % 4);
  };
  return (bound) => {
    const cycles = twoTo32 - (twoTo32 % bound);
    let word = next();
    while (word >= cycles) word = next();
    return word % bound;
  };
}

/** Blocks of four words by index. The seed is the key; the purpose fills the counter's upper half, so that streams never overlap. */
function blockSource(seed: number, purpose: string): (index: number) => [number, number, number, number] {
  checkWhole("seed", seed);
  const key = halves(seed);
  const hash = createHash("sha256").update(purpose, "utf8").digest();
  const upper0 = hash.readUInt32LE(0);
  const upper1 = hash.readUInt32LE(4);
  return (index) => philox4x32([...halves(index), upper0, upper1], key);
}

function halves(value: number): [number, number] {
  return [(value % twoTo32) | 0, Math.floor(value / twoTo32)];
}

function wordAt(words: readonly number[], index: number): number {
  return words[index] as number;
}

/** Upper 32 bits of the product of two unsigned 32-bit words; doubles hold 53 bits, so it is put together from halves. */
function highProduct(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + Math.floor((aLow * bLow) / 0x10000);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(((middle % 0x10000) + aLow * bHigh) / 0x10000)) | 0;
}

function checkWhole(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`${name} is ${value}; allowed: a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`);
}

const twoTo32 = 2 ** 32;
const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;
