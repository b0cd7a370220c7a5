import type { FileHandle } from "node:fs/promises";
import { type Fault, FaultError } from "#core/fault.js";
import {
  bodyShapes,
  classifierWeight,
  headShapes,
  languageHeadWeight,
  type ModelHead,
  outputsOf,
  type PlacedTensor,
  startableNames,
} from "#core/models/modelParameters.js";
import { decoderNames } from "#core/models/decoderParameters.js";
import { isDecoder } from "#core/models/modelConfig.js";
import { type ShouldStop, turn } from "../cancellation.js";
import { createParameterStore, type ParameterStore } from "../parameterStore.js";
import { initialisationSeed } from "../seedWords.js";
import { runOp, tf } from "../tensorflow.js";
import { fileIdentity, inspectModel, type ModelInspection } from "./inspectModel.js";
import type { Model } from "./model.js";
import { FileChanged, readFloats, refuse } from "./modelFiles.js";
import { type ModelFile, type ModelFolder, modelFolder, openNeededFile } from "./modelFolder.js";
import { closeFiles } from "./weightFiles.js";

/** A loaded model; `created` names the parameters that the folder did not hold and that were made from the seed. */
export interface LoadedModel extends Model {
  parameters: ParameterStore;
  created: string[];
}

/**
 * Reads a Hugging Face folder into the engine. A classifier of the folder is used when it has as many outputs; otherwise a new one is
 * drawn from a normal distribution of the model's `initializer_range`, its bias 0, as `transformers` does; so is the layer before it, where
 * the folder has none. A language head is never drawn.
 * @param source a path: a folder that this program made
 * @param head what is to stand on the model; `undefined`: a classifier with as many outputs as the folder's has
 * @param options.seed of what is drawn
 * @param options.field the path that faults are reported under
 * @throws FaultError with everything that is wrong with the folder; Cancelled
 */
export async function loadModel(
  source: ModelFolder | string,
  head: ModelHead | undefined,
  options: { seed: number; field: string; shouldStop?: ShouldStop },
): Promise<LoadedModel> {
  const { seed, field, shouldStop = () => false } = options;
  const folder = modelFolder(source);
  const inspection = await inspectModel(folder, field);
  const { config, tensors } = inspection;
  const wanted = head ?? storedHead(inspection, { folder, field });
  if (wanted.task === "causal_lm") refuse(languageFaults(inspection, { folder, field }));
  const outputs = tensors.get(classifierWeight(config))?.shape[0];
  const usesStoredHead = wanted.task === "causal_lm" || outputs === outputsOf(wanted);
  const startable = startableNames(config);
  const heads = [...headShapes(config, wanted)];
  const isHead = new Set(heads.map(([name]) => name));
  const parameters = createParameterStore();
  const created: string[] = [];
  const faults: Fault[] = [];
  const files = new Map<string, ModelFile>();
  const open = async (entry: PlacedTensor) => {
    const file = files.get(entry.file) ?? (await openNeededFile(folder, entry.file, field));
    files.set(entry.file, file);
    // Where its tensors lie is known of the file that was inspected only.
    if (fileIdentity(file) !== inspection.weightFiles.get(entry.file)) throw new FileChanged(`${entry.file} is another file now`);
    return file.file;
  };
  const tied = wanted.task === "causal_lm" && isDecoder(config) && config.tied ? tensors.get(languageHeadWeight(config)) : undefined;
  try {
    for (const [name, shape] of [...bodyShapes(config), ...heads]) {
      await turn(shouldStop);
      const entry = tensors.get(name);
      if (entry !== undefined && (usesStoredHead || !isHead.has(name))) {
        const values = await readFloats(await open(entry), entry);
        const fault = notFinite(name, values, { field, file: entry.file });
        if (fault !== undefined && faults.length < maxFaults) faults.push(fault);
        if (tied !== undefined && isDecoder(config) && name === decoderNames[config.family].word)
          if (!(await holds(await open(tied), tied, values)))
            faults.push(untiedFault(name, languageHeadWeight(config), { field, file: tied.file }));
        parameters.set(name, values, shape);
      } else {
        created.push(name);
        const purpose = startable.includes(name) ? "pooler" : "classifier";
        create(parameters, name, shape, { purpose, deviation: config.initializerRange, seed });
      }
    }
    refuse(faults);
  } catch (error) {
    parameters.dispose();
    if (error instanceof FileChanged)
      refuse([{ field, reason: "CORRUPT", description: `a file of the weights of "${folder.name}" changed while it was read` }]);
    throw error;
  } finally {
    await closeFiles(files.values());
  }
  return { config, parameters, head: wanted, created };
}

interface Named {
  folder: ModelFolder;
  field: string;
}

function storedHead({ config, tensors }: ModelInspection, { folder, field }: Named): ModelHead {
  const outputs = tensors.get(classifierWeight(config))?.shape[0] ?? 0;
  if (outputs > 0) return { task: "classification", classes: outputs };
  const what = isDecoder(config) ? "a decoder" : "an encoder";
  const description = `"${folder.name}" has no classifier; it is ${what} that was not fine-tuned`;
  throw new FaultError([{ field, reason: "MISSING_TENSOR", description }]);
}

/** What keeps a model from predicting the next token. */
function languageFaults({ config, tensors }: ModelInspection, { folder, field }: Named): Fault[] {
  if (!isDecoder(config)) {
    const description = `"${folder.name}" is a ${config.family}, which reads texts in both directions; a causal language model is needed`;
    return [{ field, reason: "UNSUPPORTED", description }];
  }
  return [...headShapes(config, { task: "causal_lm" })]
    .filter(([name]) => !tensors.has(name))
    .map(([name, shape]) => ({
      field,
      reason: "MISSING_TENSOR",
      description: `"${folder.name}" has no tensor "${name}" of shape [${shape.join(", ")}], and tie_word_embeddings is false`,
    }));
}

const maxFaults = 20;

/** Numbers that are none would only show as a loss that is not finite, which looks like a learning rate that is too high. */
function notFinite(name: string, values: Float32Array, { field, file }: { field: string; file: string }): Fault | undefined {
  let count = 0;
  for (const value of values) if (!Number.isFinite(value)) count += 1;
  if (count === 0) return undefined;
  const description = `${file}: tensor "${name}" holds ${count} of ${values.length} values that are not finite`;
  return { field, reason: "NOT_FINITE", description };
}

/** Numbers that are compared at once. */
const chunk = 1 << 20;

/** Whether a tensor of a file holds these numbers. */
async function holds(file: FileHandle, entry: PlacedTensor, values: Float32Array): Promise<boolean> {
  const width = (entry.end - entry.begin) / values.length;
  for (let from = 0; from < values.length; from += chunk) {
    const to = Math.min(values.length, from + chunk);
    const part = await readFloats(file, { ...entry, begin: entry.begin + from * width, end: entry.begin + to * width });
    if (part.some((value, index) => value !== values[from + index])) return false;
  }
  return true;
}

/** `transformers` does not tie two tables that differ, and training one table in the place of both would be another model. */
function untiedFault(word: string, head: string, { field, file }: { field: string; file: string }): Fault {
  const description = `${file}: tensors "${word}" and "${head}" are both in the checkpoint and differ, and tie_word_embeddings is true; set tie_word_embeddings to false to keep both`;
  return { field, reason: "CONFLICT", description };
}

/** A bias is 0, a weight is drawn from the normal distribution. */
function create(
  parameters: ParameterStore,
  name: string,
  shape: readonly number[],
  { purpose, deviation, seed }: { purpose: string; deviation: number; seed: number },
): void {
  if (shape.length === 1) return parameters.set(name, new Float32Array(shape[0] as number), shape);
  const size = tf.tensor1d([...shape], "int32");
  const words = initialisationSeed(seed, purpose);
  const normal = runOp("StatelessRandomNormal", [size, words], { dtype: { type: "float32" } });
  const spread = tf.scalar(deviation);
  parameters.assign(name, runOp("Mul", [normal, spread]));
  size.dispose();
  words.dispose();
  normal.dispose();
  spread.dispose();
  return undefined;
}
