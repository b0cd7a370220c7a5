import { escapeMarkup } from "./plots/svg.js";

export function section(title: string, content: string): string {
  return `<section>\n<h2>${escapeMarkup(title)}</h2>\n${content}\n</section>`;
}

/** The first column names the row. */
export function htmlTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]) =>
    row.map((text, index) => (index === 0 ? `<th scope="row">${escapeMarkup(text)}</th>` : `<td>${escapeMarkup(text)}</td>`)).join("");
  return (
    `<div class="wide"><table><thead><tr>${head.map((text) => `<th scope="col">${escapeMarkup(text)}</th>`).join("")}</tr></thead>` +
    `<tbody>\n${rows.map((row) => `<tr>${cells(row)}</tr>`).join("\n")}\n</tbody></table></div>`
  );
}

/** Colours are told apart in grey too: the accent is dark, what it is held against is light and dashed. */
export const pageStyle = `:root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --line: #d1d9e0; --paper: #ffffff; --accent: #0b5cad; --claim: #b35900; --zone: #eef2f6; --good: #d3ecd9; --bad: #f8dcd3; --same: #dde6f3; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --paper: #0d1117; --accent: #6cb6ff; --claim: #f0a355; --zone: #1c2430; --good: #16361f; --bad: #44211a; --same: #1c2f4a; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.25; } h2 { margin-top: 2.5rem; font-size: 1.25rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; } h3 { font-size: 1rem; }
.headline { font-size: 1.1rem; font-weight: 600; }
.wide, .plot { overflow-x: auto; margin: 1rem 0; } .plot svg { width: 100%; min-width: 640px; height: auto; display: block; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; } caption { text-align: left; color: var(--soft); padding-bottom: .4rem; }
th, td { text-align: left; padding: .3rem .7rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; } th[scope=row] { font-weight: 500; overflow-wrap: anywhere; min-width: 7rem; } thead th { color: var(--soft); font-weight: 600; }
.matrix td, .matrix .number { text-align: center; padding: .2rem; min-width: 1.5rem; border: 1px solid var(--line); } .matrix .better { background: var(--good); font-weight: 700; } .matrix .worse { background: var(--bad); font-weight: 700; } .matrix .equivalent { background: var(--same); } .matrix .none { background: var(--zone); }
p { max-width: 46rem; } section > p, figcaption { color: var(--soft); font-size: .9rem; } summary { cursor: pointer; }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; } svg .tick, svg .axis, svg .figure { fill: var(--soft); } svg .name { font-weight: 600; }
.grid { stroke: var(--line); stroke-width: 1; } .zero { stroke: var(--soft); stroke-width: 1.5; } .zone { fill: var(--zone); }
.interval { stroke: var(--accent); stroke-width: 2; } .estimate { fill: var(--accent); } .claim { fill: none; stroke: var(--claim); stroke-width: 2; } .bar { fill: var(--accent); }
.curve { fill: none; stroke-width: 2; } .own.curve { stroke: var(--accent); } .own.band { fill: var(--accent); opacity: .18; } .other.curve { stroke: var(--soft); stroke-dasharray: 4 3; stroke-width: 1.5; } .other.band { fill: none; }
.trial { fill: var(--paper); stroke: var(--accent); stroke-width: 2; } .chosen { fill: var(--accent); } .failed { fill: none; stroke: var(--claim); stroke-width: 2; }
@media print { body { font-size: 11px; } .wide, .plot { overflow: visible; } section { break-inside: auto; } }`;
