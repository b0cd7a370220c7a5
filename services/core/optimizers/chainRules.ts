import type { Fault } from "../fault.js";
import { activeElements, type ChainElement, type Element, elementHyper } from "./chain.js";
import type { HyperparameterValues } from "./defineTransform.js";

/** An element of a chain, with the field that names it. */
export interface PlacedElement {
  readonly element: ChainElement;
  readonly place: string;
}

/**
 * What is wrong with the order of a chain's elements, or with two that do not go together. Elements that do nothing with their
 * hyperparameters are not looked at.
 * @param of.field of the whole optimizer
 * @param of.whole whether the chain has all elements that were meant; otherwise nothing is said to be missing
 */
export function chainFaults(
  chain: readonly PlacedElement[],
  hyperparameters: HyperparameterValues,
  of: { field: string; whole: boolean },
): Fault[] {
  const faults: Fault[] = [];
  const uses = chain.map(({ element }) => element);
  const active = activeElements(uses, hyperparameters).map((each) => ({ element: each.element, index: uses.indexOf(each) }));
  const fault = (index: number, reason: string, description: string) =>
    faults.push({ field: chain[index]?.place ?? of.field, reason, description });
  const hyperOf = (index: number) => {
    const element = uses[index];
    return element ? elementHyper(element, hyperparameters) : {};
  };
  const names = (matching: typeof active) => matching.map(({ element }) => `"${element.name}"`).join(" and ");

  const rates = active.filter(({ element }) => element.kind !== "wrapper" && element.appliesLearningRate);
  const [rate, ...moreRates] = rates;
  if (!rate && of.whole)
    faults.push({
      field: of.field,
      reason: "MISSING_LEARNING_RATE",
      description: "a chain must end at the learning rate; add scale_by_learning_rate, before any wrapper",
    });
  for (const { element, index } of moreRates)
    fault(index, "CONFLICT", `"${element.name}" applies the learning rate a second time, after "${rate?.element.name}"`);
  for (const { element, index } of active) {
    if (element.kind !== "wrapper" && rate && index > rate.index && !moreRates.some((other) => other.index === index))
      fault(index, "OUT_OF_ORDER", `"${element.name}" comes after "${rate.element.name}"; only wrappers may`);
    if (element.kind === "wrapper" && rate && index < rate.index)
      fault(index, "OUT_OF_ORDER", `"${element.name}" is a wrapper; it must come after "${rate.element.name}"`);
  }

  const evaluators = active.filter(({ element }) => element.kind === "wrapper" && element.movesEvaluation);
  const takers = active.filter(({ element }) => element.kind === "wrapper" && element.movesGradient);
  for (const [group, what] of [
    [evaluators, "choose the point where the model is evaluated"],
    [takers, "choose the point where the gradient is taken"],
  ] as const)
    if (group.length > 1) fault(group[1]?.index ?? 0, "CONFLICT", `${names(group)} both ${what}; only one may`);
  const scheduleFree = active.find(({ element }) => element.name === "schedule_free");
  const lookahead = active.find(({ element }) => element.name === "lookahead");
  if (scheduleFree && lookahead)
    fault(
      Math.max(scheduleFree.index, lookahead.index),
      "CONFLICT",
      '"lookahead" and "schedule_free" both move the parameters after a step; only one may',
    );

  const decays = active.filter(({ element, index }) => decoupled.has(element.name) && hyperOf(index)["weight_decay"] !== 0);
  if (decays.length > 1) fault(decays[1]?.index ?? 0, "CONFLICT", `${names(decays)} both decay the parameters; only one may`);
  const cautious = active.find(({ element }) => element.name === "cautious");
  const [decay] = decays;
  if (cautious && decay && decay.index < cautious.index) {
    const own = `which decays by itself: give that a weight_decay of 0 and add "add_decayed_weights" after "cautious"`;
    const remedy = pureDecays.has(decay.element.name)
      ? `so it must come before "${decay.element.name}"`
      : `so no decay may be in it yet; it comes after "${decay.element.name}", ${own}`;
    fault(cautious.index, "OUT_OF_ORDER", `"cautious" compares the update with the gradient, ${remedy}`);
  }

  const sampling = active.flatMap(({ element, index }) => {
    const every = element.kind === "transform" ? element.sampledGradientEvery(hyperOf(index)) : 0;
    return every > 0 ? [{ index, every }] : [];
  });
  const other = sampling.find(({ every }) => every !== sampling[0]?.every);
  if (other)
    fault(
      other.index,
      "CONFLICT",
      `wants a gradient for drawn labels every ${other.every} steps, and another element every ${sampling[0]?.every}; they must be the same`,
    );
  return faults;
}

const pureDecays: ReadonlySet<Element["name"]> = new Set(["add_decayed_weights", "add_proximal_decay"]);
/** Elements that decay the parameters, whatever the gradient. */
const decoupled: ReadonlySet<Element["name"]> = new Set([
  ...pureDecays,
  "scale_by_adafactor",
  "scale_by_adopt",
  "scale_by_dadapt_adam",
  "scale_by_prodigy",
  "scale_by_soap",
  "scale_by_stable_adam",
]);
