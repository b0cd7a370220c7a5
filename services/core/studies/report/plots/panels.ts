import { band, circle, fitted, label, line, path, picture } from "./svg.js";
import type { Scale } from "./scale.js";

/** A line with its band, or single points. */
export interface Series {
  className: string;
  points: readonly { x: number; y: number; lower?: number; upper?: number }[];
  /** Drawn as points, with these titles. */
  marks?: readonly { x: number; y: number; className: string; title: string }[];
}

/** One of several small plots with the same axes. */
export interface Panel {
  name: string;
  series: readonly Series[];
}

/** The axes of all panels; each makes its scale for the place where the panel is. */
export interface PanelAxes {
  title: string;
  x: (start: number, end: number) => Scale;
  y: (start: number, end: number) => Scale;
  xName: string;
  yName: string;
}

const width = 860;
const columns = 3;
const gap = { x: 58, y: 52 };
const panelHeight = 120;
/** What a panel's name has room for. */
export const panelNameCharacters = 32;

/** Small plots side by side with common axes: sixteen lines in one would be a tangle. */
export function panelPlot(panels: readonly Panel[], axes: PanelAxes): string {
  if (panels.length === 0) return "";
  const across = Math.min(columns, panels.length);
  const panelWidth = (width - columns * gap.x - 22) / columns;
  const content: string[] = [];
  for (const [index, { name, series }] of panels.entries()) {
    const left = gap.x + (index % across) * (panelWidth + gap.x);
    const top = 26 + Math.floor(index / across) * (panelHeight + gap.y);
    const [right, bottom] = [left + panelWidth, top + panelHeight];
    const [x, y] = [axes.x(left, right), axes.y(bottom, top)];
    content.push(label(left, top - 8, fitted(name, panelNameCharacters), "start", "name"));
    for (const { value, text } of y.ticks)
      content.push(line(left, y(value), right, y(value), "grid"), label(left - 6, y(value) + 4, text, "end", "tick"));
    for (const { value, text } of thinned(x.ticks)) content.push(label(x(value), bottom + 16, text, "middle", "tick"));
    for (const { className, points, marks = [] } of series) {
      const banded = points.flatMap(({ x: at, lower, upper }) =>
        lower === undefined || upper === undefined ? [] : [{ x: x(at), lower: y(lower), upper: y(upper) }],
      );
      content.push(
        band(banded, `${className} band`),
        path(
          points.map((point) => ({ x: x(point.x), y: y(point.y) })),
          `${className} curve`,
        ),
      );
      for (const mark of marks) content.push(circle(x(mark.x), y(mark.y), 4.5, mark.className, mark.title));
    }
  }
  const rows = Math.ceil(panels.length / across);
  const height = 26 + rows * (panelHeight + gap.y) + 12;
  content.push(label(width / 2, height - 14, `${axes.xName}; vertical: ${axes.yName}`, "middle", "axis"));
  return picture(
    axes.title,
    width,
    height,
    content.filter((each) => each !== ""),
  );
}

/** As many as a small panel has room for. */
function thinned<T>(ticks: readonly T[]): T[] {
  const every = Math.ceil(ticks.length / 5);
  return ticks.filter((_, index) => index % every === 0);
}
