import { hanging } from "./hanging.js";
import { shown, shownLong } from "./printable.js";

/** 0.91234 -> "0.912"; whole numbers and NaN as they are. */
export function decimals(value: number | undefined, digits = 3): string {
  if (value === undefined) return "-";
  return Number.isInteger(value) || !Number.isFinite(value) ? String(value) : value.toFixed(digits);
}

/** Seconds as `0:42`, `12:03` or `1:02:03`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const [hours = 0, minutes = 0, rest = 0] = parts;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** Bytes in the largest binary unit that gives at least one. */
export function bytes(value: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, value)) / 10));
  return `${decimals(value / 1024 ** power, 1)} ${units[power]}`;
}

/** A number as people write learning rates: 0.001, 5e-5. */
export function numeral(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential().replace("e+", "e") : String(value);
}

/**
 * Rows under their headings, columns aligned; the first row is the headings. Cells are escaped and cut, the last of a row later.
 * @param columns where the last cell of a row is wrapped, below its beginning; left out: nowhere
 */
export function table(contents: readonly (readonly string[])[], columns = Infinity): string {
  const rows = contents.map((row) => row.map((cell, column) => (column === row.length - 1 ? shownLong(cell) : shown(cell))));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) => {
      const before = row.slice(0, -1).map((cell, column) => `${cell.padEnd(widths[column] ?? 0)}  `);
      return hanging(before.join(""), row.at(-1) ?? "", columns);
    })
    .join("\n");
}
