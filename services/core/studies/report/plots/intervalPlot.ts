import { circle, fitted, label, line, picture, rectangle } from "./svg.js";
import { linearScale } from "./scale.js";

/** One row of a plot of intervals. */
export interface IntervalRow {
  name: string;
  /** NaN: there is none. */
  estimate: number;
  lower?: number;
  upper?: number;
  /** A value that somebody claimed. */
  claimed?: number;
  /** At the end of the row. */
  text: string;
}

/** What a plot of intervals shows besides its rows. */
export interface IntervalPlotOptions {
  title: string;
  axis: string;
  /** Draws 0, and this far around it the differences that do not matter. */
  margin?: number;
}

const width = 860;
const left = 250;
const right = 610;
const rowHeight = 24;
const nameCharacters = 34;

/** Estimates with their intervals, one below the other: of arms (a forest plot), or of differences around zero. */
export function intervalPlot(rows: readonly IntervalRow[], { title, axis, margin }: IntervalPlotOptions): string {
  const values = rows
    .flatMap(({ estimate, lower, upper, claimed }) => [estimate, lower, upper, claimed])
    .filter((value) => value !== undefined);
  const shown = [...values, ...(margin === undefined ? [] : [0, -margin, margin])].filter(Number.isFinite);
  if (shown.length === 0) return "";
  const x = linearScale(Math.min(...shown), Math.max(...shown), left, right);
  const top = 12;
  const bottom = top + rows.length * rowHeight + 4;
  const content = x.ticks.flatMap(({ value, text }) => [
    line(x(value), top, x(value), bottom, "grid"),
    label(x(value), bottom + 18, text, "middle", "tick"),
  ]);
  if (margin !== undefined)
    content.push(rectangle(x(-margin), top, x(margin) - x(-margin), bottom - top, "zone"), line(x(0), top, x(0), bottom, "zero"));
  for (const [index, row] of rows.entries()) {
    const y = top + (index + 0.5) * rowHeight;
    content.push(label(left - 12, y + 4, fitted(row.name, nameCharacters), "end"));
    if (row.lower !== undefined && row.upper !== undefined) {
      content.push(line(x(row.lower), y, x(row.upper), y, "interval"));
      for (const end of [row.lower, row.upper]) content.push(line(x(end), y - 4, x(end), y + 4, "interval"));
    }
    if (Number.isFinite(row.estimate)) content.push(circle(x(row.estimate), y, 4.5, "estimate", `${row.name}: ${row.text}`));
    if (row.claimed !== undefined) content.push(diamond(x(row.claimed), y));
    content.push(label(right + 14, y + 4, fitted(row.text, 34), "start", "figure"));
  }
  content.push(label((left + right) / 2, bottom + 36, axis, "middle", "axis"));
  return picture(title, width, bottom + 44, content);
}

function diamond(x: number, y: number): string {
  return `<path class="claim" d="M${x.toFixed(2)} ${y - 6}L${(x + 6).toFixed(2)} ${y}L${x.toFixed(2)} ${y + 6}L${(x - 6).toFixed(2)} ${y}Z"><title>claimed</title></path>`;
}
