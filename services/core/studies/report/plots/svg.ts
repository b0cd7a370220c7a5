/** Text inside an element or an attribute of HTML or SVG. */
export function escapeMarkup(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;")
    .replace(hidden, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

// Controls and what reverses the direction of the text after it: a name must not rearrange the page.
// oxlint-disable-next-line no-control-regex
const hidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g;

/** An SVG picture that says in words what it shows. @param width, height of its own units */
export function picture(title: string, width: number, height: number, content: readonly string[]): string {
  const name = escapeMarkup(title);
  return `<div class="plot"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${name}"><title>${name}</title>\n${content.join("\n")}\n</svg></div>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, className: string): string {
  return `<line class="${className}" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`;
}

export function rectangle(x: number, y: number, width: number, height: number, className: string): string {
  return `<rect class="${className}" x="${round(x)}" y="${round(y)}" width="${round(Math.max(0, width))}" height="${round(Math.max(0, height))}"/>`;
}

export function circle(x: number, y: number, radius: number, className: string, title = ""): string {
  return `<circle class="${className}" cx="${round(x)}" cy="${round(y)}" r="${radius}">${title === "" ? "" : `<title>${escapeMarkup(title)}</title>`}</circle>`;
}

/** @param anchor which part of the text is at x */
export function label(x: number, y: number, text: string, anchor: "start" | "middle" | "end" = "start", className = "text"): string {
  return `<text class="${className}" x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escapeMarkup(text)}</text>`;
}

/** A line through points; gaps where a value is not finite. */
export function path(points: readonly { x: number; y: number }[], className: string): string {
  let pen = "M";
  const steps = points.flatMap(({ x, y }) => {
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      pen = "M";
      return [];
    }
    const step = `${pen}${round(x)} ${round(y)}`;
    pen = "L";
    return [step];
  });
  return steps.length === 0 ? "" : `<path class="${className}" d="${steps.join("")}"/>`;
}

/** An area between an upper and a lower line. */
export function band(points: readonly { x: number; lower: number; upper: number }[], className: string): string {
  if (points.length < 2) return "";
  const corners = [...points.map(({ x, upper }) => [x, upper] as const), ...points.toReversed().map(({ x, lower }) => [x, lower] as const)];
  return `<path class="${className}" d="M${corners.map(([x, y]) => `${round(x)} ${round(y)}`).join("L")}Z"/>`;
}

/** A name that fits into so many characters. */
export function fitted(text: string, characters: number): string {
  const all = Array.from(text);
  return all.length <= characters ? text : `${all.slice(0, characters - 1).join("")}…`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
