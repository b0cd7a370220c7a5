import type { ConfigReader } from "./configReader.js";
import { describeValue } from "./describeValue.js";
import { quote } from "../quote.js";
import { isObject } from "./tokenizerParts.js";

/** How a decoder turns its queries and keys by their positions. */
export interface RotaryConfig {
  /** `rope_theta`: the wavelengths go from 2 pi to nearly 2 pi times this. */
  base: number;
  scaling: RotaryScaling;
}

/** What stretches the wavelengths so that more positions fit than the model was first trained on. */
export type RotaryScaling =
  | { type: "default" }
  | { type: "linear"; factor: number }
  | { type: "llama3"; factor: number; lowFrequencyFactor: number; highFrequencyFactor: number; originalPositions: number };

/**
 * Reads the settings of rotary embeddings: `rope_parameters`, as `transformers` writes it since version 5, or `rope_scaling`, each with the
 * `rope_theta` beside it where it has none of its own. What is wrong with them is among the reader's faults.
 */
export function readRotaryConfig(reader: ConfigReader): RotaryConfig {
  reader.only("partial_rotary_factor", [1]);
  const [together, scaling] = ["rope_parameters", "rope_scaling"].map((key) => readSettings(reader, key));
  if (together && scaling && JSON.stringify(together) !== JSON.stringify(scaling))
    reader.refuse(
      "CONFLICT",
      `rope_parameters is ${quote(reader.get("rope_parameters"))} and rope_scaling is ${quote(reader.get("rope_scaling"))}, which say different things; leave one of them out`,
    );
  return together ?? scaling ?? { base: baseOf(reader), scaling: { type: "default" } };
}

/** `undefined`: there are none; an empty object is none, too. */
function readSettings(reader: ConfigReader, key: string): RotaryConfig | undefined {
  const value = reader.get(key);
  if (isObject(value) && Object.keys(value).length === 0) return undefined;
  const part = reader.part(key);
  if (part === undefined) return undefined;
  const nested = isObject(value) ? Object.keys(value).filter((name) => isObject(value[name])) : [];
  if (nested.length > 0) {
    part.refuse("UNSUPPORTED", `${nested[0]} is an object; allowed: one setting for all layers`);
    return undefined;
  }
  const scaling = readScaling(part);
  const original = reader.get("original_max_position_embeddings");
  // `transformers` takes the one outside.
  if (scaling.type === "llama3" && original !== undefined && original !== scaling.originalPositions)
    reader.refuse(
      "CONFLICT",
      `original_max_position_embeddings is ${describeValue(original)}, and in ${key} it is ${scaling.originalPositions}; leave one of them out`,
    );
  return { base: baseOf(part.get("rope_theta") === undefined ? reader : part), scaling };
}

function baseOf(reader: ConfigReader): number {
  return reader.within("rope_theta", 10_000, 1, 1e12);
}

function readScaling(reader: ConfigReader): RotaryScaling {
  reader.only("partial_rotary_factor", [1]);
  const type = reader.get("rope_type") ?? reader.get("type") ?? "default";
  const factor = () => reader.within("factor", undefined, 1, 1e6);
  if (type === "linear") return { type, factor: factor() };
  if (type === "llama3") {
    const scaling = {
      type,
      factor: factor(),
      lowFrequencyFactor: reader.within("low_freq_factor", undefined, 0, 1e6),
      highFrequencyFactor: reader.within("high_freq_factor", undefined, 0, 1e6),
      originalPositions: reader.whole("original_max_position_embeddings", 2 ** 31),
    } as const;
    if (scaling.lowFrequencyFactor >= scaling.highFrequencyFactor)
      reader.refuse(
        "INVALID",
        `low_freq_factor is ${scaling.lowFrequencyFactor}; allowed: below high_freq_factor, which is ${scaling.highFrequencyFactor}`,
      );
    return scaling;
  }
  if (type !== "default") reader.refuse("UNSUPPORTED", `rope_type is ${describeValue(type)}; allowed: "default", "linear", "llama3"`);
  return { type: "default" };
}

/**
 * Radians that a pair of a head's numbers turns for each position, in float32 as `transformers` computes them: the angles of far positions
 * depend on how these are rounded.
 * Source: Su et al., "RoFormer", arXiv:2104.09864; linear: Chen et al., arXiv:2306.15595; llama3: Llama Team, arXiv:2407.21783.
 * @param headSize even
 * @returns [headSize / 2]
 */
export function rotaryFrequencies({ base, scaling }: RotaryConfig, headSize: number): Float32Array {
  return Float32Array.from({ length: headSize / 2 }, (_, pair) => {
    const frequency = Math.fround(1 / Math.fround(base ** Math.fround((2 * pair) / headSize)));
    return stretched(frequency, scaling);
  });
}

function stretched(frequency: number, scaling: RotaryScaling): number {
  if (scaling.type === "default") return frequency;
  if (scaling.type === "linear") return frequency / scaling.factor;
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalPositions } = scaling;
  // How often the pair turns over the positions that the model was first trained on.
  const turns = (originalPositions * frequency) / (2 * Math.PI);
  if (turns < low) return frequency / factor;
  if (turns > high) return frequency;
  const share = (turns - low) / (high - low);
  return (1 - share) * (frequency / factor) + share * frequency;
}
