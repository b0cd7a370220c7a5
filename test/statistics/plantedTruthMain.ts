import { parseArgs } from "node:util";
import { margin, plantedTruth, type Truth } from "./plantedTruth.js";

// npm run test:planted-truth: how often whole studies with a known truth come to a wrong verdict, and how often to the right one.

const { values } = parseArgs({ options: { studies: { type: "string", default: "1000" }, seed: { type: "string", default: "20261124" } } });
const studies = Number(values.studies);
const seed = Number(values.seed);
const nominal = 0.05;
/** What a rate of `nominal` may come to by chance. */
const allowed = nominal + 3 * Math.sqrt((nominal * (1 - nominal)) / studies);

const truths: Omit<Truth, "seeds">[] = [
  { name: "none", difference: 0 },
  { name: "small", difference: margin / 2 },
  { name: "the margin", difference: margin },
  { name: "large", difference: 3 * margin },
];
let met = 0;
let missed = 0;
const share = (value: number) => value.toFixed(3);
console.log(`${studies} simulated studies each: three arms against a reference, 400 examples, margin ${margin}, Holm, level 0.95`);
console.log("true difference  seeds  studies with a wrong verdict  BETTER  WORSE  EQUIVALENT  INCONCLUSIVE");
for (const seeds of [3, 5, 10])
  for (const truth of truths) {
    const { wrong, verdicts } = plantedTruth({ ...truth, seeds }, studies, seed);
    const isMet = wrong <= allowed;
    if (isMet) met++;
    else missed++;
    const cells = [verdicts.BETTER, verdicts.WORSE, verdicts.EQUIVALENT, verdicts.INCONCLUSIVE].map(share);
    console.log(
      `${`${truth.name} (${truth.difference})`.padEnd(16)} ${String(seeds).padStart(5)}  ${`${share(wrong)}${isMet ? "" : " MISSED"}`.padEnd(28)}  ${cells.join("   ")}`,
    );
  }
console.log(
  `wrong: BETTER or WORSE in the wrong direction, or EQUIVALENT where the difference is not below the margin; at most ${allowed.toFixed(3)}`,
);
console.log(`targets: ${met} met, ${missed} missed`);
process.exitCode = missed > 0 ? 1 : 0;
