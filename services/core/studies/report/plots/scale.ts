/** Turns values into places, with the values that an axis names. */
export interface Scale {
  (value: number): number;
  ticks: { value: number; text: string }[];
}

/**
 * A linear scale whose ticks are at round numbers.
 * @param from, to the values at the ends; they are moved outward to ticks
 * @param count about how many ticks
 */
export function linearScale(from: number, to: number, start: number, end: number, count = 6): Scale {
  const [least, most] = from === to ? [from - 1, to + 1] : [Math.min(from, to), Math.max(from, to)];
  const step = niceStep((most - least) / count);
  const low = Math.floor(least / step + 1e-9) * step;
  const high = Math.ceil(most / step - 1e-9) * step;
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, index) => low + index * step);
  return Object.assign((value: number) => start + ((value - low) / (high - low)) * (end - start), {
    ticks: ticks.map((value) => ({ value, text: numberText(value, step, decimals) })),
  });
}

/** A logarithmic scale with ticks at 1, 2 and 5 times powers of ten, or at these powers where the range is wide. @param from, to above 0 */
export function logScale(from: number, to: number, start: number, end: number): Scale {
  const [least, most] = from === to ? [from / 2, to * 2] : [from, to];
  const [low, high] = [Math.log10(least), Math.log10(most)];
  const isWide = high - low > 2.5;
  const ticks: { value: number; text: string }[] = [];
  for (let power = Math.floor(low); power <= Math.ceil(high); power++)
    for (const factor of isWide ? [1] : [1, 2, 5]) {
      const value = Number(`${factor}e${power}`);
      if (value >= least * 0.999 && value <= most * 1.001) ticks.push({ value, text: value < 1e-3 ? `${factor}e${power}` : String(value) });
    }
  return Object.assign((value: number) => start + ((Math.log10(value) - low) / (high - low)) * (end - start), { ticks });
}

/** 1, 2 or 5 times a power of ten, at least `wanted`. */
function niceStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const factor = [1, 2, 5, 10].find((each) => each * power >= wanted * (1 - 1e-9)) ?? 10;
  return factor * power;
}

function numberText(value: number, step: number, decimals: number): string {
  if (Math.abs(value) < step / 2) return "0";
  return Math.abs(value) >= 1e6 || decimals > 6 ? value.toExponential(1) : value.toFixed(decimals).replace(/^-/, "−");
}
