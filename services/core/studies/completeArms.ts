import { canonicalDigest } from "../canonicalDigest.js";
import type { Fault } from "../fault.js";
import { isResourceId, resourceIdFault } from "../jobs/jobId.js";
import type { OptimizerDraft } from "../optimizers/validateOptimizer.js";
import { countCharacters, plain, quote } from "../quote.js";
import { repeated } from "../repeated.js";
import { studyLimits } from "./studyLimits.js";
import { searchPoints } from "./searchPoints.js";
import { searchScales, type SearchSpace, type StudyArm, type StudyTuning } from "./study.js";

/** An arm as its caller wrote it. */
export interface StudyArmDraft {
  name?: string;
  description?: string;
  optimizer?: OptimizerDraft;
  search?: Readonly<Record<string, SearchSpaceDraft>>;
  ablationOf?: string;
}

interface SearchSpaceDraft {
  values?: readonly number[];
  min?: number;
  max?: number;
  scale?: string;
}

const mostSearched = 8;

/** Fills in the defaults of a study's arms and checks them: their names, their searches, and that no two are the same. */
export function completeArms(drafts: readonly StudyArmDraft[], tuning: StudyTuning, faults: Fault[]): StudyArm[] {
  const add = (field: string, reason: string, description: string) => faults.push({ field: `study.${field}`, reason, description });
  if (drafts.length < 2) add("arms", "TOO_FEW", `has ${drafts.length === 0 ? "none" : "one"}; a study compares two or more`);
  if (drafts.length > studyLimits.arms) add("arms", "TOO_MANY", `has ${drafts.length} arms; allowed: at most ${studyLimits.arms}`);
  const known = drafts.slice(0, studyLimits.arms);
  const names = known.map(({ name = "" }) => name);
  const arms = known.map((draft, index): StudyArm => {
    const at = `arms[${index}]`;
    const { name = "", description = "", optimizer = { name: "" }, ablationOf } = draft;
    const nameFault = resourceIdFault(name, `study.${at}.name`);
    if (nameFault) faults.push(nameFault);
    if (isResourceId(name) && names.indexOf(name) < index)
      add(`${at}.name`, "DUPLICATE", `${quote(name)} names arms[${names.indexOf(name)}] already`);
    if (countCharacters(description) > studyLimits.textCharacters)
      add(
        `${at}.description`,
        "TOO_LONG",
        `has ${countCharacters(description)} characters; allowed: at most ${studyLimits.textCharacters}`,
      );
    if (!optimizer.name && !optimizer.chain?.length) add(`${at}.optimizer`, "REQUIRED", "is not set; name an optimizer or give a chain");
    if (ablationOf === name || (ablationOf !== undefined && !names.includes(ablationOf)))
      add(
        `${at}.ablation_of`,
        "NOT_FOUND",
        `${quote(ablationOf)} is no other arm; allowed: ${[...new Set(names.filter((each) => each !== name && each !== ""))].join(", ")}`,
      );
    const search = completeSearch(draft, at, add);
    const arm = { name, description, optimizer, search: search ?? {}, ...(ablationOf !== undefined && { ablationOf }) };
    const points = search && searchPoints(search, tuning);
    if (points && "problem" in points) add(`${at}.search`, "UNEQUAL_TRIALS", points.problem);
    return arm;
  });
  for (const cycle of ablationCycles(arms))
    add(
      `arms[${names.indexOf(cycle[0] ?? "")}].ablation_of`,
      "CONFLICT",
      `leads back to the arm itself: ${[...cycle, cycle[0]].join(" of ")}; an ablation lacks an element of its whole`,
    );
  const digests = arms.map(({ optimizer, search }) => canonicalDigest({ optimizer, search }));
  for (const [index, digest] of digests.entries())
    if (digests.indexOf(digest) < index)
      add(
        `arms[${index}]`,
        "DUPLICATE",
        `has the optimizer and the search of arms[${digests.indexOf(digest)}]: it would be compared with itself`,
      );
  return arms;
}

/** Arms that are ablations of one another in a circle, each circle once. */
function ablationCycles(arms: readonly StudyArm[]): string[][] {
  const wholes = new Map(arms.map(({ name, ablationOf }) => [name, ablationOf]));
  const settled = new Set<string>();
  const cycles: string[][] = [];
  for (const { name } of arms) {
    const path: string[] = [];
    for (let at: string | undefined = name; at !== undefined && !settled.has(at); at = wholes.get(at)) {
      settled.add(at);
      path.push(at);
      const whole = wholes.get(at);
      // An arm that is an ablation of itself has a fault of its own.
      const start = whole === undefined || whole === at ? -1 : path.indexOf(whole);
      if (start >= 0) cycles.push(path.slice(start));
    }
  }
  return cycles;
}

type Add = (field: string, reason: string, description: string) => void;

/** @returns undefined when there is a fault */
function completeSearch({ search = {}, optimizer }: StudyArmDraft, arm: string, add: Add): StudyArm["search"] | undefined {
  let isSound = true;
  const refuse: Add = (field, reason, description) => {
    isSound = false;
    add(`${arm}.search${field}`, reason, description);
  };
  const names = Object.keys(search);
  if (names.length > mostSearched) refuse("", "TOO_MANY", `has ${names.length} hyperparameters; allowed: at most ${mostSearched}`);
  const spaces = names.slice(0, mostSearched).map((name): [string, SearchSpace] => {
    const at = `.${plain(name)}`;
    const { values = [], min, max, scale = "log" } = search[name] ?? {};
    if (optimizer?.hyperparameters && name in optimizer.hyperparameters)
      refuse(
        at,
        "CONFLICT",
        `is searched, and the optimizer fixes it to ${quote(optimizer.hyperparameters[name])}; leave one of the two out`,
      );
    const knownScale = searchScales.find((each) => each === scale);
    if (!knownScale) refuse(`${at}.scale`, "UNKNOWN_VALUE", `${quote(scale)} is not known; allowed: ${searchScales.join(", ")}`);
    if (values.length > 0) {
      if (min !== undefined || max !== undefined) refuse(at, "CONFLICT", "has both values and a range; give one of them");
      if (values.length > studyLimits.trials)
        refuse(`${at}.values`, "TOO_MANY", `has ${values.length} values; allowed: at most ${studyLimits.trials}, as there are trials`);
      if (values.some((value) => !Number.isFinite(value))) refuse(`${at}.values`, "OUT_OF_RANGE", "has a value that is not finite");
      const again = repeated(values);
      if (again !== undefined) refuse(`${at}.values`, "DUPLICATE", `has ${again} twice`);
      return [name, { values }];
    }
    if (min === undefined || max === undefined) {
      refuse(at, "REQUIRED", "has neither values nor a range; give values, or min and max");
      return [name, { values: [] }];
    }
    for (const [end, value] of Object.entries({ min, max }))
      if (!Number.isFinite(value)) refuse(`${at}.${end}`, "OUT_OF_RANGE", `is ${value}; allowed: a finite number`);
    if (min >= max) refuse(at, "OUT_OF_RANGE", `has min ${min} and max ${max}; min has to be below max`);
    if (knownScale === "log" && min <= 0)
      refuse(`${at}.min`, "OUT_OF_RANGE", `${min} has no logarithm; allowed: above 0, or scale: linear`);
    return [name, { min, max, scale: knownScale ?? "log" }];
  });
  return isSound ? Object.fromEntries(spaces) : undefined;
}
