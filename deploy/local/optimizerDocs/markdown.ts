/** A table; cells are Markdown in which a bar is escaped here. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Text as it is, in the font of code; empty stays empty. */
export function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

/** Text as it is, on lines of its own. */
export function codeBlock(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** What Markdown would read as HTML or emphasis is escaped; an underscore within a word is neither. */
export function escape(text: string): string {
  return text.replace(/[<>*]/g, (mark) => `\\${mark}`);
}

/** A number as people write learning rates: 0.001, 5e-5. */
export function numeral(value: number): string {
  return Math.abs(value) >= 1e-3 || value === 0 ? `${value}` : value.toExponential();
}

/** Prose with links to the papers, the pages of these docs and the addresses that it names. */
export function linked(text: string): string {
  return escape(text)
    .replace(/arXiv:(\d{4}\.\d{4,5})/g, "[arXiv:$1](https://arxiv.org/abs/$1)")
    .replace(/docs\/optimizers\/([a-z-]+\.md)/g, "[$1]($1)");
}

/** Blocks with an empty line between them; undefined ones are left out. */
export function page(blocks: readonly (string | undefined)[]): string {
  return `${blocks.filter((block) => block !== undefined && block !== "").join("\n\n")}\n`;
}
