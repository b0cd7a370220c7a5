import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { type Check, monteCarlo } from "./checks.js";
import { crossedChecks } from "./crossedChecks.js";
import { metricChecks } from "./metricChecks.js";
import { pairedChecks, proportionChecks } from "./exactChecks.js";
import { margin, plantedTruth } from "./plantedTruth.js";
import { seedChecks } from "./seedChecks.js";
import { meanChecks, testChecks } from "./simulatedChecks.js";
import { verdictChecks } from "./verdictChecks.js";

// npm run test:statistics: how often every interval holds the truth and every test errs, and how often verdicts are wrong where the truth is known.
// Options: --trials 4000 and --studies 2000 of each simulation, --part <name> (again for more) runs parts alone, --write puts the tables of all into
// docs/statistics.md.

const { values } = parseArgs({
  options: {
    trials: { type: "string", default: "4000" },
    studies: { type: "string", default: "2000" },
    part: { type: "string", multiple: true },
    write: { type: "boolean", default: false },
  },
});
const trials = Number(values.trials);
const studies = Number(values.studies);
let met = 0;
let missed = 0;
const judge = (isMet: boolean) => {
  if (isMet) met++;
  else missed++;
  return isMet ? "" : " MISSED";
};
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const started = performance.now();

const parts: Readonly<Record<string, (trials: number) => Check[]>> = {
  proportions: proportionChecks,
  pairs: pairedChecks,
  means: meanChecks,
  crossed: crossedChecks,
  seeds: seedChecks,
  metrics: metricChecks,
  tests: testChecks,
  verdicts: () => verdictChecks(studies),
};
const isChosen = (part: string) => !values.part || values.part.includes(part);
const checks: string[][] = [];
for (const part of Object.keys(parts).filter(isChosen))
  for (const { name, setting, measure, value, least, most, source } of parts[part]?.(trials) ?? []) {
    const allowed =
      least === 0 ? `at most ${most.toFixed(3)}` : most >= 1 ? `at least ${least.toFixed(3)}` : `${least.toFixed(3)} to ${most.toFixed(3)}`;
    checks.push([name, setting, measure, `${value.toFixed(4)}${judge(value >= least - 1e-9 && value <= most + 1e-9)}`, allowed, source]);
    console.log(checks.at(-1)?.join("  "));
  }

const nominal = 0.05;
const allowed = nominal + monteCarlo(nominal, studies);
const planted: string[][] = [];
for (const difference of isChosen("planted") ? [0, margin / 2, margin, 3 * margin] : [])
  for (const seeds of [3, 5, 10]) {
    const truth = { name: String(difference), differences: [difference, difference, difference], seeds };
    const { wrong, verdicts } = plantedTruth(truth, studies, 20_261_124);
    const shares = [verdicts.BETTER, verdicts.WORSE, verdicts.EQUIVALENT, verdicts.INCONCLUSIVE].map((share) => share.toFixed(3));
    planted.push([String(difference), String(seeds), `${wrong.toFixed(3)}${judge(wrong <= allowed)}`, ...shares]);
    console.log(planted.at(-1)?.join("  "));
  }
// Some arms have no difference, others just the margin: both families of tests may err in one study.
const mixedStudies = Math.ceil(studies / 2);
const [allowedOfOne, allowedOfBoth] = [nominal, 2 * nominal].map((share) => share + monteCarlo(share, mixedStudies)) as [number, number];
const mixed: string[][] = [];
for (const seeds of isChosen("mixed") ? [10, 20] : []) {
  const truth = { name: "mixed", differences: [0, 0, margin, -margin], seeds };
  const { wrong, wrongDifference, wrongEquivalence } = plantedTruth(truth, mixedStudies, 20_261_124);
  const told = (share: number, most: number) => `${share.toFixed(3)}${judge(share <= most)}`;
  mixed.push([String(seeds), told(wrongDifference, allowedOfOne), told(wrongEquivalence, allowedOfOne), told(wrong, allowedOfBoth)]);
  console.log(mixed.at(-1)?.join("  "));
}
console.log(`in ${((performance.now() - started) / 1000).toFixed(0)} s`);
console.log(`targets: ${met} met, ${missed} missed`);
if (values.write && !values.part) {
  const path = join(repositoryRoot, "docs/statistics.md");
  const sections: Record<string, string> = {
    checks: table(["interval or test", "setting", "measure", "found", "allowed", "source"], checks),
    planted: table(
      ["true difference", "seeds", `wrong verdicts (at most ${allowed.toFixed(3)})`, "BETTER", "WORSE", "EQUIVALENT", "INCONCLUSIVE"],
      planted,
    ),
    mixed: table(
      [
        "seeds",
        `wrong BETTER or WORSE (at most ${allowedOfOne.toFixed(3)})`,
        `wrong EQUIVALENT (at most ${allowedOfOne.toFixed(3)})`,
        `either (at most ${allowedOfBoth.toFixed(3)})`,
      ],
      mixed,
    ),
  };
  const page = Object.entries(sections).reduce(
    (text, [name, body]) => text.replace(new RegExp(`(<!-- ${name} -->)[^]*?(<!-- end -->)`), `$1\n\n${body}\n\n$2`),
    readFileSync(path, "utf8"),
  );
  writeFileSync(path, page);
}
process.exitCode = missed > 0 ? 1 : 0;
