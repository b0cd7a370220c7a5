import type { Fault } from "../fault.js";
import { nearest } from "../nearest.js";
import { countCharacters, quote } from "../quote.js";
import { decoderNames } from "./decoderParameters.js";
import { encoderNames } from "./encoderParameters.js";
import { isDecoder, type ModelConfig } from "./modelConfig.js";
import { bodyShapes, type ModelHead, headShapes, namedShapes, startableNames } from "./modelParameters.js";
import type { ParameterShapes } from "./parameterShapes.js";

/** How a low-rank adapter is made, every default filled in. Source: Hu et al., "LoRA", arXiv:2106.09685. */
export interface LoraSettings {
  /** Columns of the small matrices. */
  rank: number;
  /** The product is multiplied by alpha / rank, or with `rslora` by alpha / sqrt(rank) (Kalajdzievski, arXiv:2312.03732). */
  alpha: number;
  /** Of the adapter's input. */
  dropout: number;
  /** Last parts of the names of linear layers, as "query"; or "all-linear" alone: every linear layer but the head's. */
  targets: readonly string[];
  rslora: boolean;
}

/** A linear layer that may carry an adapter, by the prefix of its parameters' names. */
export interface LinearLayer {
  name: string;
  inputs: number;
  outputs: number;
}

/** Stands for every linear layer but the head's. */
const allLinear = "all-linear";
const longestTarget = 200;

/** What keeps a target from being one, whatever the model. */
export function targetFault(targets: readonly string[], index: number, field: string): Fault | undefined {
  const target = targets[index] ?? "";
  const at = `${field}[${index}]`;
  if (target.trim() === "" || countCharacters(target) > longestTarget) {
    const description = `${quote(target)} is no name; allowed: the end of a layer's name, of at most ${longestTarget} characters`;
    return { field: at, reason: "INVALID_NAME", description };
  }
  if (target !== allLinear || targets.length === 1) return undefined;
  const description = `${quote(target)} stands alone, for every linear layer; leave it or the others out`;
  return { field: at, reason: "CONFLICT", description };
}

/** What an adapter's product is multiplied by. */
export function adapterFactor({ alpha, rank, rslora }: LoraSettings): number {
  return alpha / (rslora ? Math.sqrt(rank) : rank);
}

/** The targets that were named, or those that `peft` adapts in the family. */
export function targetsOf(config: ModelConfig, { targets }: Pick<LoraSettings, "targets">): readonly string[] {
  if (targets.length > 0) return targets;
  switch (config.family) {
    case "bert":
    case "roberta":
      return ["query", "value"];
    case "distilbert":
      return ["q_lin", "v_lin"];
    case "gpt2":
      return ["c_attn"];
    default:
      return ["q_proj", "v_proj"];
  }
}

/** The linear layers of the body, in the order of the model. */
function linearLayers(config: ModelConfig): LinearLayer[] {
  const names = isDecoder(config) ? decoderNames[config.family] : encoderNames[config.family];
  const tables: readonly (string | undefined)[] = [names.word, names.position, "type" in names ? names.type : undefined];
  const heads = startableNames(config);
  const inputFirst = "inputFirst" in names && names.inputFirst;
  return [...bodyShapes(config)].flatMap(([name, [rows, columns]]) => {
    if (columns === undefined || rows === undefined || tables.includes(name) || heads.includes(name)) return [];
    const [inputs, outputs] = inputFirst ? [rows, columns] : [columns, rows];
    return [{ name: name.replace(/\.weight$/, ""), inputs, outputs }];
  });
}

/** The layers that the targets name, and a fault for each target that names none but for what `targetFault` says. */
export function targetedLayers(
  config: ModelConfig,
  lora: Pick<LoraSettings, "targets">,
  field: string,
): { layers: LinearLayer[]; faults: Fault[] } {
  const targets = targetsOf(config, lora);
  const all = linearLayers(config);
  if (targets.length === 1 && targets[0] === allLinear) return { layers: all, faults: [] };
  const isNamed = ({ name }: LinearLayer, target: string) => name === target || name.endsWith(`.${target}`);
  const known = [...new Set(all.map(({ name }) => name.split(".").at(-1) as string))];
  const faults = targets.flatMap((target, index): Fault[] => {
    if (targetFault(targets, index, field) !== undefined || all.some((layer) => isNamed(layer, target))) return [];
    const meant = nearest(target, known);
    const hint = meant === undefined ? "" : `; did you mean ${quote(meant)}?`;
    const allowed = `allowed: ${[...known, allLinear].map(quote).join(", ")}, or longer ends of layers' names`;
    return [
      {
        field: `${field}[${index}]`,
        reason: "NO_MATCH",
        description: `${quote(target)} names no linear layer of the model; ${allowed}${hint}`,
      },
    ];
  });
  // What else hangs on the layers is not at fault when one of them is.
  if (targets.includes(allLinear)) return { layers: all, faults };
  return { layers: all.filter((layer) => targets.some((target) => isNamed(layer, target))), faults };
}

/** Names of an adapter's two weights beside a linear layer. */
export const adapterNames = {
  a: (layer: string) => `${layer}.lora_A.weight`,
  b: (layer: string) => `${layer}.lora_B.weight`,
};

/** The adapter's parameters: a [rank, inputs] and b [outputs, rank] of each layer. */
function adapterShapes(layers: readonly LinearLayer[], rank: number): ParameterShapes {
  return layers.flatMap(({ name, inputs, outputs }) => [
    [adapterNames.a(name), [rank, inputs]] as const,
    [adapterNames.b(name), [outputs, rank]] as const,
  ]);
}

/**
 * The parameters that training moves: all, or with an adapter its own and the head's. Of the head a classifier's are, and those of the layer
 * before it where that belongs to the head or was not in the checkpoint.
 * @param created names of parameters that the checkpoint did not hold
 */
export function trainedShapes(
  config: ModelConfig,
  head: ModelHead,
  lora: Pick<LoraSettings, "rank" | "targets"> | undefined,
  created: readonly string[],
): { name: string; shape: readonly number[] }[] {
  const all = namedShapes(config, head);
  if (!lora) return all;
  const { layers } = targetedLayers(config, lora, "targets");
  const dense = startableNames(config);
  const ownDense = config.family === "roberta" || config.family === "distilbert" || dense.some((name) => created.includes(name));
  const ofHead = head.task === "causal_lm" ? [] : [...(ownDense ? dense : []), ...[...headShapes(config, head)].map(([name]) => name)];
  return [
    ...[...adapterShapes(layers, lora.rank)].map(([name, shape]) => ({ name, shape })),
    ...all.filter(({ name }) => ofHead.includes(name)),
  ];
}
