import { type BertConfig, parseBertConfig } from "#core/models/bertConfig.js";
import { encoderShapes, matchParameters, parameterCount } from "#core/models/bertParameters.js";
import type { TensorEntry } from "#core/models/safetensorsHeader.js";
import { readJson, readTensorEntries, refuse } from "./modelFiles.js";

/** What a model folder holds. */
export interface ModelInspection {
  config: BertConfig;
  /** Numbers in the encoder and its pooler; the head is not counted. */
  parameters: number;
  /** The file's tensors under their names in `BertForSequenceClassification`. */
  tensors: Map<string, TensorEntry>;
}

/**
 * Checks a Hugging Face model folder without loading TensorFlow or the weights.
 * @param field the path that faults are reported under, for example "training_job.model"
 * @throws FaultError with everything that is wrong: files that are missing or corrupt, settings the engine does not support, tensors that
 *   are missing or misshapen
 */
export async function inspectModel(folder: string, field: string): Promise<ModelInspection> {
  const [configFile, tokenizerFile, weightsFile] = await Promise.all([
    readJson(folder, "config.json", field),
    readJson(folder, "tokenizer.json", field),
    readTensorEntries(folder, "model.safetensors", field),
  ]);
  const parsed = configFile.faults.length === 0 ? parseBertConfig(configFile.json, field) : { faults: [] };
  const faults = [...configFile.faults, ...tokenizerFile.faults, ...weightsFile.faults, ...parsed.faults];
  const { config } = parsed;
  const { tensors } = weightsFile;
  if (config === undefined || tensors === undefined || faults.length > 0) {
    refuse(faults);
    throw new Error("a model without faults has a configuration and tensors");
  }
  const { matched, faults: tensorFaults } = matchParameters(config, tensors, field);
  refuse(tensorFaults);
  return { config, parameters: parameterCount(encoderShapes(config)), tensors: matched };
}
