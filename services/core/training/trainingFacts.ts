import type { HyperparameterValue, OptimizerSelection } from "../jobs/trainingJob.js";
import { describeValue } from "../models/describeValue.js";
import { jsonExcess } from "../models/jsonScan.js";
import type { PlateauState } from "../schedules/plateauFactor.js";

/** What a kept training state says besides its tensors. */
export interface TrainingFacts {
  /** Steps that are done. */
  readonly step: number;
  /** Of the weights that were saved with it, as `weightsDigest` computes it. */
  readonly weightsDigest: string;
  /** What kept it; written with its chain, wrappers and groups, for whoever looks into the file. */
  readonly optimizer: Pick<OptimizerSelection, "name" | "hyperparameters">;
  /** The optimizer's, by name. */
  readonly scalars: Readonly<Record<string, number>>;
  /** What the optimizer was told of the last step that was not skipped; left out: there was none. */
  readonly lastStep?: { readonly step: number; readonly learningRate: number; readonly gradientScale: number };
  /** Of the schedule `reduce_on_plateau`. */
  readonly plateau?: PlateauState;
}

/** As JSON that keeps every bit of every number. */
export function writeFacts(facts: TrainingFacts): string {
  const write = (_key: string, value: unknown): unknown => (typeof value === "number" && !survives(value) ? nameOf(value) : value);
  return JSON.stringify({ version, ...facts }, write);
}

/** What `writeFacts` wrote, or everything that is wrong with it, one phrase each. */
export function readFacts(text: string): { facts?: TrainingFacts; problems: string[] } {
  const excess = jsonExcess(new TextEncoder().encode(text), limits);
  if (excess !== undefined) return { problems: [excess] };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { problems: ["is not JSON"] };
  }
  const root = object(json);
  if (!root) return { problems: ["is not an object"] };
  if (root["version"] !== version) return { problems: [`has version ${describeValue(root["version"])}; allowed: ${version}`] };

  const problems: string[] = [];
  const check = <T>(name: string, value: unknown, read: (value: unknown) => T | undefined, allowed: string): T | undefined => {
    const found = read(value);
    if (found === undefined) problems.push(`has ${name} ${describeValue(value)}; allowed: ${allowed}`);
    return found;
  };
  const count = "a whole number, at least 0";
  const step = check("step", root["step"], whole, count);
  const weightsDigest = check("weightsDigest", root["weightsDigest"], digest, "64 hexadecimal digits");
  const optimizer = object(root["optimizer"]) ?? {};
  const name = check("optimizer.name", optimizer["name"], string, "a text");
  const hyperparameters = check("optimizer.hyperparameters", optimizer["hyperparameters"], hyperparametersOf, "an object of plain values");
  const scalars = check("scalars", root["scalars"], numbers, "an object of numbers");
  const part = <K extends string>(key: string, names: readonly K[]): Record<K, number> | undefined => {
    const value = root[key];
    if (value === undefined) return undefined;
    const read = object(value) ?? {};
    const entries = names.map((each) => [each, check(`${key}.${each}`, read[each], number, "a number") ?? 0] as const);
    return Object.fromEntries(entries) as Record<K, number>;
  };
  const lastStep = part("lastStep", ["step", "learningRate", "gradientScale"]);
  const plateau = part("plateau", ["factor", "best", "bad", "cooling"]);
  if (problems.length > 0 || step === undefined || weightsDigest === undefined || !name || !hyperparameters || !scalars)
    return { problems };
  return {
    facts: {
      step,
      weightsDigest,
      optimizer: { name, hyperparameters },
      scalars,
      ...(lastStep && { lastStep }),
      ...(plateau && { plateau }),
    },
    problems,
  };
}

const version = 1;
/** A chain of one's own has at most 32 elements, wrappers and groups each. */
const limits = { depth: 6, containers: 1000 };

/** JSON has no word for these. */
const special: readonly number[] = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0];

function survives(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

function nameOf(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : special.find((each) => nameOf(each) === value);
}

function whole(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined;
}

function string(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function digest(value: unknown): string | undefined {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value) ? value : undefined;
}

function object(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}

function numbers(value: unknown): Record<string, number> | undefined {
  const found = object(value);
  if (!found) return undefined;
  const entries = Object.entries(found).map(([key, each]) => [key, number(each)] as const);
  return entries.every((entry): entry is readonly [string, number] => entry[1] !== undefined) ? Object.fromEntries(entries) : undefined;
}

function hyperparametersOf(value: unknown): Record<string, HyperparameterValue> | undefined {
  const found = object(value);
  const isPlain = (each: unknown) => ["number", "boolean", "string"].includes(typeof each);
  return found && Object.values(found).every(isPlain) ? (found as Record<string, HyperparameterValue>) : undefined;
}
