/** Narrower than this, text is unreadable below its label. */
const fewestColumns = 30;

/**
 * A label and its text, which is wrapped between words and goes on at the indent (below its beginning, when left out), or two columns in
 * where a terminal is too narrow for that. A word that is longer than a line stands on its own, uncut.
 * @param columns of the terminal
 */
export function hanging(label: string, text: string, columns: number, wanted = label.length): string {
  const indent = wanted + fewestColumns <= columns ? wanted : 2;
  const lines: string[] = [];
  let line = label;
  let empty = true;
  for (const word of text.split(" ")) {
    const longer = empty ? `${line}${word}` : `${line} ${word}`;
    // At the last column some terminals begin a new line by themselves.
    if (longer.length < columns || (empty && lines.length > 0)) line = longer;
    else {
      lines.push(line.trimEnd());
      line = `${" ".repeat(indent)}${word}`;
    }
    empty = false;
  }
  return [...lines, line.trimEnd()].join("\n");
}
