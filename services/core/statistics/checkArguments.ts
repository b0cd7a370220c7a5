/** @throws RangeError unless above 0 and below 1 */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) throw new RangeError(`level is ${level}; allowed: above 0 and below 1`);
}

/** @throws RangeError unless a whole number from 0 to `most` */
export function checkCount(name: string, count: number, most = Number.MAX_SAFE_INTEGER, mostName?: string): void {
  if (Number.isSafeInteger(count) && count >= 0 && count <= most) return;
  const upTo = mostName === undefined ? "" : ` to ${most} (${mostName})`;
  throw new RangeError(`${name} is ${count}; allowed: a whole number from 0${upTo}`);
}
