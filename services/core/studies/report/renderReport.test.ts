import { describe, expect, it } from "vitest";
import { buildStudyReport } from "./buildStudyReport.js";
import { renderHtml } from "./renderHtml.js";
import { renderMarkdown } from "./renderMarkdown.js";
import { reportJson } from "./reportJson.js";
import type { StudyReport } from "./studyReport.js";
import { sampleStudy, type SampleOptions } from "./testing/sampleStudy.js";

const few = { whole: 0.9, "whole-without-part": 0.6, base: 0.88 };
const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`arm-${index}-${"x".repeat(index * 2)}`, 0.5 + index / 50]));
const samples: Record<string, SampleOptions> = {
  "three arms": { arms: few, declaration: { reference: "base", claims: [{ arm: "base", value: 0.85, source: "a paper" }] } },
  "twenty arms": { arms: many },
  "one seed": { arms: few, seeds: [1], declaration: { purpose: "demonstration" } },
  "failed arms": { arms: few, failedArms: ["whole", "base"], failedSeeds: { "whole-without-part": 3 } },
  "equal outcomes": { arms: { a: 1, b: 1 } },
  "one trial": {
    arms: few,
    declaration: { tuning: { trials: 1, method: "grid", metric: "accuracy", seeds: [0], searchSeed: 0 }, arms: [] },
  },
};
// With one trial there is nothing to search.
samples["one trial"] = { arms: few };

const reports = Object.entries(samples).map(([name, options]): [string, StudyReport] => [name, buildStudyReport(sampleStudy(options))]);

/** Every element that is opened is closed, in order; attributes are quoted. */
function checkMarkup(html: string): void {
  const open: string[] = [];
  const body = html.replace(/<style>.*?<\/style>/s, "").replace("<!doctype html>", "");
  for (const [tag, end, name = "", rest = ""] of body.matchAll(/<(\/?)([a-z0-9]+)((?:\s+[a-zA-Z][a-zA-Z0-9-]*="[^"<>]*")*\s*\/?)>/g)) {
    if (end) expect(open.pop(), tag).toBe(name);
    else if (!rest.endsWith("/") && name !== "meta") open.push(name);
  }
  expect(open).toEqual([]);
  // What is left after the elements is text, in which nothing opens one.
  expect(body.replace(/<\/?[a-z0-9]+(?:\s+[a-zA-Z][a-zA-Z0-9-]*="[^"<>]*")*\s*\/?>/g, "")).not.toMatch(/[<>]/);
}

/** The places of everything drawn, against the picture's own size. */
function checkPlaces(html: string): void {
  for (const [, width = "0", height = "0", content = ""] of html.matchAll(
    /<svg viewBox="0 0 (\d+(?:\.\d+)?) (\d+(?:\.\d+)?)"[^>]*>(.*?)<\/svg>/gs,
  )) {
    const across = [...content.matchAll(/ (?:x|x1|x2|cx)="(-?[\d.]+)"/g)].map(([, x]) => Number(x));
    const down = [...content.matchAll(/ (?:y|y1|y2|cy)="(-?[\d.]+)"/g)].map(([, y]) => Number(y));
    expect(Math.min(...across)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...across)).toBeLessThanOrEqual(Number(width));
    expect(Math.min(...down)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...down)).toBeLessThanOrEqual(Number(height));
    expect(content.replace(/>[^<]*</g, "><")).not.toMatch(/NaN|Infinity|undefined/);
    // Letters of 12 units are about 7 wide where fonts are wide.
    for (const [, x = "0", anchor = "", text = ""] of content.matchAll(
      /<text class="\w+" x="([\d.]+)" y="[\d.]+" text-anchor="(\w+)">([^<]*)/g,
    )) {
      const shown = text.replace(/&\w+;/g, "_").length * 7;
      const from = anchor === "end" ? Number(x) - shown : anchor === "middle" ? Number(x) - shown / 2 : Number(x);
      expect(from, text).toBeGreaterThanOrEqual(-1);
      expect(from + shown, text).toBeLessThanOrEqual(Number(width) + 1);
    }
  }
}

describe.each(reports)("the report of %s", (_name, report) => {
  const html = renderHtml(report);
  const markdown = renderMarkdown(report);

  it("is sound HTML whose pictures hold what they draw", () => {
    checkMarkup(html);
    checkPlaces(html);
  });

  it("leaves no arm, pair or note out, in any format", () => {
    for (const { name } of report.arms) for (const text of [html, markdown]) expect(text).toContain(name);
    for (const { first, second } of report.pairs) expect(markdown).toContain(`| ${first} | ${second} |`);
    const shown = html.replaceAll("&#39;", "'").replaceAll("&quot;", '"');
    for (const note of report.notes) expect(shown).toContain(note);
    // A demonstration gives no verdict, in words neither.
    if (report.study.purpose === "demonstration") return;
    for (const { reason = "missing" } of report.pairs)
      for (const text of [shown, markdown.replaceAll("\\", "")]) expect(text).toContain(reason);
  });

  it("needs nothing from elsewhere", () => {
    expect(html).not.toMatch(/https?:|<script|<link|<img|@import|url\(/);
  });

  it("is JSON without numbers that are none, keys in snake_case", () => {
    const json = JSON.parse(reportJson(report)) as Record<string, unknown>;
    expect(json).toMatchObject({ schema_version: 1, study: { declaration_digest: "d".repeat(64) } });
    const keys = (value: unknown): string[] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, item]) => [...(Array.isArray(value) ? [] : [key]), ...keys(item)])
        : [];
    expect(keys(json).filter((key) => /[A-Z]/.test(key))).toEqual([]);
  });
});

describe("a report", () => {
  const report = buildStudyReport(sampleStudy(samples["three arms"] ?? { arms: few }));

  it("gives its answer first", () => {
    const [title, headline, sentence] = renderMarkdown(report).split("\n\n");
    expect(title).toBe("# A sample");
    expect(headline).toMatch(/^\*\*Of 3 comparisons of accuracy on 300 test examples: .*BETTER/);
    expect(sentence).toContain("is better than");
  });

  it("shows the verdicts of all pairs in a matrix, each from both sides, in Markdown and HTML alike", () => {
    const text = renderMarkdown(report);
    const start = text.indexOf("## Verdicts");
    const rows = text
      .slice(start, text.indexOf("\n\n", start + 14))
      .split("\n")
      .filter((line) => line.startsWith("|"))
      .map((line) =>
        line
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    expect(rows[0]).toEqual(["", "1", "2", "3"]);
    // Below the head and its rule; the first column has the names.
    const place = (name: string) => rows.findIndex(([head]) => head?.endsWith(`. ${name}`)) - 2;
    const sign = (first: string, second: string) => rows[place(first) + 2]?.[place(second) + 1];
    const signs = { BETTER: ["+", "−"], WORSE: ["−", "+"], EQUIVALENT: ["=", "="], INCONCLUSIVE: ["?", "?"] };
    for (const { first, second, verdict = "INCONCLUSIVE" } of report.pairs) {
      expect([sign(first, second), sign(second, first)]).toEqual(signs[verdict]);
      expect(renderHtml(report)).toContain(`title="${first} ${verdict} ${second}"`);
    }
    expect(rows.slice(2).map((cells, index) => cells[index + 1])).toEqual(["", "", ""]);
  });

  it("says where the probability of improvement has no interval, briefly beside it and why below the table", () => {
    const of = (seeds: number[]) => {
      const whole = buildStudyReport(sampleStudy({ arms: few, seeds }));
      const unavailable = "nobody can tell from these";
      const pairs = whole.pairs.map((pair) => ({
        ...pair,
        probabilityOfImprovement: { estimate: 1, level: 0.95, method: "bootstrap, percentile", about: "seeds", unavailable } as const,
      }));
      return { ...whole, pairs };
    };
    for (const text of [renderMarkdown(of([1, 2, 3])), renderHtml(of([1, 2, 3]))]) {
      expect(text).toContain("1.00 (no interval: 3 seeds)");
      expect(text).toContain("Where P(better) has no interval: nobody can tell from these.");
    }
    expect(renderMarkdown(of([1, 2, 3, 4, 5]))).toContain("1.00 (no interval)");
  });

  it("tells in a sentence which pairs are settled, in one which are not, and beside each what it still needs", () => {
    const shown = buildStudyReport(sampleStudy({ arms: { a: 0.9, b: 0.6, c: 0.59, d: 0.6 }, declaration: { reference: "b" } }));
    const open = shown.pairs.filter(({ verdict }) => verdict === "INCONCLUSIVE");
    expect(open.length).toBeGreaterThan(1);
    const [, , sentences = "", next = ""] = renderMarkdown(shown).split("\n\n");
    expect(next).toMatch(/^## /);
    expect(sentences.split("\n")).toHaveLength(shown.pairs.length - open.length + 1);
    expect(sentences).toContain(`${open.length} comparisons are not settled: "c" with "b", "d" with "b".`);
    for (const { first, second, needed } of open) {
      expect(needed?.power).toBe(0.8);
      expect(renderMarkdown(shown)).toMatch(new RegExp(`\\| ${first} \\| ${second} \\| .* \\| INCONCLUSIVE \\| [\\d,]+ (seeds|examples)`));
    }
  });

  it("that is a demonstration says so in its title and gives no verdict", () => {
    const shown = buildStudyReport(sampleStudy({ arms: few, declaration: { purpose: "demonstration" } }));
    for (const text of [renderHtml(shown), renderMarkdown(shown)]) {
      expect(text).toContain("A sample (shows the plumbing, supports no verdict)");
      expect(text).not.toMatch(/BETTER|WORSE|INCONCLUSIVE|EQUIVALENT/);
    }
    const { pairs } = JSON.parse(reportJson(shown)) as { pairs: object[] };
    expect(pairs).toHaveLength(3);
    for (const pair of pairs)
      for (const name of ["verdict", "reason", "p_value", "corrected_p", "equivalence_p", "needed"]) expect(pair).not.toHaveProperty(name);
  });

  it("declares each arm's optimizer with what is fixed of it and where the rest was searched", () => {
    const sample = sampleStudy({ arms: { a: 0.9, b: 0.8 } });
    const [a, b] = sample.study.declaration.arms;
    const own = { name: "adamw", hyperparameters: { weight_decay: 0.1 }, wrappers: [{ name: "lookahead", hyperparameters: { k: 5 } }] };
    const declared = { ...sample.study.declaration, arms: [...(a ? [{ ...a, optimizer: own }] : []), ...(b ? [b] : [])] };
    const shown = buildStudyReport({ ...sample, study: { ...sample.study, declaration: declared } });
    for (const text of [renderMarkdown(shown).replaceAll("\\", ""), renderHtml(shown)]) {
      expect(text).toContain("adamw (weight_decay 0.1); wrappers: lookahead (k 5)");
      expect(text).toContain("learning_rate 1e-4 to 0.01 (log)");
    }
  });

  it("sets what was claimed beside what was measured", () => {
    expect(renderMarkdown(report)).toMatch(/\| base \| .* \| claimed 0\.85, (below|above|within) the interval \|/);
    expect(renderHtml(report)).toContain('class="claim"');
  });

  it("shows what users wrote as text, whatever it is", () => {
    const hostile = `<script>alert("x")</script> | *a* \u202Eb & 'c' [d](e) \`f\``;
    const options = { arms: few, declaration: { title: hostile, claims: [{ arm: "base", value: 0.5, source: hostile }] } };
    const shown = buildStudyReport(sampleStudy(options));
    const html = renderHtml(shown);
    checkMarkup(html);
    expect(html).not.toContain("<script>");
    expect(html).not.toContain("\u202E");
    const markdown = renderMarkdown(shown);
    expect(markdown.split("\n")[0]).toContain("\\<script\\>");
    // A bar in a cell would make another cell.
    for (const row of markdown.split("\n").filter((line) => line.startsWith("| claim for")))
      expect(row.match(/(?<!\\)\|/g)).toHaveLength(3);
  });
});
