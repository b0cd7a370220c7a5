import type { Fault } from "../fault.js";
import { type ConfigReader, configReader } from "./configReader.js";
import { decoderFamilies, type DecoderConfig, isDecoderFamily, readDecoderConfig } from "./decoderConfig.js";
import { describeValue } from "./describeValue.js";
import { encoderFamilies, type EncoderConfig, isEncoderFamily, readEncoderConfig } from "./encoderConfig.js";

/** The part of a Hugging Face `config.json` that a model is computed from. */
export type ModelConfig = EncoderConfig | DecoderConfig;

/** Whether a model reads a text in one direction, as those that write text do. */
export function isDecoder(config: ModelConfig): config is DecoderConfig {
  return isDecoderFamily(config.family);
}

/**
 * Reads `config.json` of any model that the engine computes. What it would compute differently from `transformers` is refused by name.
 * @param json the parsed file
 * @param field the path that faults are reported under
 * @returns the configuration when there is no fault, and all faults otherwise
 */
export function parseModelConfig(json: unknown, field: string): { config?: ModelConfig; faults: Fault[] } {
  const reader = configReader(json, field);
  const { faults } = reader;
  if (faults.length > 0) return { faults };
  const config = readFamily(reader);
  return config === undefined || faults.length > 0 ? { faults } : { config, faults };
}

function readFamily(reader: ConfigReader): ModelConfig | undefined {
  const type = reader.get("model_type");
  if (reader.get("quantization_config") !== undefined)
    reader.refuse("UNSUPPORTED", "quantization_config is set; allowed: weights as they are, F32, F16 or BF16");
  if (isEncoderFamily(type)) return readEncoderConfig(reader, type);
  if (isDecoderFamily(type)) return readDecoderConfig(reader, type);
  reader.refuse("UNSUPPORTED", `model_type is ${describeValue(type)}; allowed: ${families}`);
  return undefined;
}

const families = [...encoderFamilies, ...decoderFamilies].map((name) => `"${name}"`).join(", ");
