import { fitted, label, line, picture, rectangle } from "./svg.js";
import { linearScale } from "./scale.js";

/** One bar. */
export interface Bar {
  name: string;
  value: number;
  text: string;
}

const width = 860;
const left = 250;
const right = 700;
const rowHeight = 22;

/** Amounts as bars from zero, one below the other. */
export function barPlot(bars: readonly Bar[], title: string, axis: string): string {
  if (bars.length === 0) return "";
  const x = linearScale(0, Math.max(...bars.map(({ value }) => value)), left, right, 5);
  const top = 8;
  const bottom = top + bars.length * rowHeight;
  const content = x.ticks.flatMap(({ value, text }) => [
    line(x(value), top, x(value), bottom, "grid"),
    label(x(value), bottom + 18, text, "middle", "tick"),
  ]);
  for (const [index, { name, value, text }] of bars.entries()) {
    const y = top + index * rowHeight;
    content.push(label(left - 12, y + 15, fitted(name, 34), "end"), rectangle(left, y + 4, x(value) - left, rowHeight - 8, "bar"));
    content.push(label(right + 14, y + 15, text, "start", "figure"));
  }
  content.push(label((left + right) / 2, bottom + 36, axis, "middle", "axis"));
  return picture(title, width, bottom + 44, content);
}
