// What files, servers and users name ends up on a terminal: a name must not move the cursor, hide text, fill the screen or pretend to be
// another line.

/** Control characters, line and paragraph separators, halves of surrogate pairs, and what reverses the direction of the text after it. */
const hostile = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202A-\u202E\u2066-\u2069]/gu;
const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const mostOfLine = 4096;
const mostOfName = 200;

/** A name, a label, a message: on one line, at most `most` characters, control characters as `\u001b`. */
export function shown(text: string, most = mostOfName): string {
  return cut(text, most).replace(hostile, (found) => short[found] ?? `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A message or a path on one line: much longer than a name may be. */
export function shownLong(text: string): string {
  return shown(text, mostOfLine);
}

/** Lines that may be written to a terminal, each of at most 4096 characters. */
export function printable(lines: string): string {
  return lines.split("\n").map(shownLong).join("\n");
}

/** The beginning of a line that leaves the last column of a terminal free, so that the terminal does not wrap it. */
export function fitted(line: string, columns: number): string {
  const characters = Array.from(shownLong(line));
  return characters.length < columns ? characters.join("") : `${characters.slice(0, Math.max(0, columns - 2)).join("")}…`;
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const rest = `… (${text.length} characters)`;
  return `${text.slice(0, most - rest.length).replace(/[\uD800-\uDBFF]$/, "")}${rest}`;
}
