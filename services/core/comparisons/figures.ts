// Numbers as sentences show them; the fields beside the sentences have all digits.

/** Three significant digits, without an exponent where that is short. */
export function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** A p-value: two significant digits, and no more than that it is small below 0.0001. */
export function probability(p: number): string {
  return p < 0.0001 ? "below 0.0001" : String(Number(p.toPrecision(2)));
}

/** A confidence level or a power as a percentage. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(6))}%`;
}

/** How many are needed: two significant digits, rounded up. */
export function about(count: number): string {
  const scale = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1);
  return (Math.ceil(count / scale) * scale).toLocaleString("en-US");
}
