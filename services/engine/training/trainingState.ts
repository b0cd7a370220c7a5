import { createHash } from "node:crypto";
import { join } from "node:path";
import { FaultError } from "#core/fault.js";
import type { OptimizerSelection } from "#core/jobs/trainingJob.js";
import { layoutDifferences, parameterKey } from "#core/optimizers/stateLayout.js";
import { type TrainingFacts, writeFacts } from "#core/training/trainingFacts.js";
import type { ShouldStop } from "../cancellation.js";
import { readBytes } from "../models/modelFiles.js";
import type { ModelFile, ModelFolder } from "../models/modelFolder.js";
import { weightsDigest } from "../models/weightsDigest.js";
import { bytesOf, inPieces, writeSafetensors, type WrittenTensor } from "../models/writeSafetensors.js";
import type { EngineOptimizer } from "../optimizer/createOptimizer.js";
import { SnapshotMismatch } from "../optimizer/optimizerSnapshot.js";
import type { Parameters } from "../parameters.js";
import type { ParameterStore } from "../parameterStore.js";
import {
  corrupt,
  sealBytes,
  sealName,
  trainingStateFile,
  trainingStateFormat,
  type TrainingStateHeader,
  withTrainingState,
} from "./inspectTrainingState.js";

/** What is kept besides the weights. */
export interface KeptTraining extends Pick<TrainingFacts, "step" | "plateau" | "weightsDigest"> {
  optimizer: EngineOptimizer;
  /** What the optimizer was made of. */
  selection: OptimizerSelection;
  /** Those that the optimizer updates, not those that the model is evaluated with. */
  parameters: Parameters;
  shouldStop?: ShouldStop;
}

/**
 * Writes `training_state.safetensors` into a checkpoint's folder: all that training needs, besides the saved model, to go on as if it had
 * never stopped. One tensor at a time is copied.
 * @throws Cancelled
 */
export async function saveTrainingState(folder: string, kept: KeptTraining): Promise<void> {
  const { optimizer, selection, parameters, step, plateau, weightsDigest: digest, shouldStop = () => false } = kept;
  const own = new Map(parameters.names.map((name) => [parameterKey(name), name]));
  const states = optimizer.state();
  const tensors = [...optimizer.layout.tensors].map(([key, shape]): WrittenTensor => {
    const tensor = states.get(key) ?? parameters.get(own.get(key) ?? key);
    return { name: key, dtype: "F32", shape, bytes: () => bytesOf(tensor.dataSync<"float32">()) };
  });
  const facts = { step, weightsDigest: digest, optimizer: selection, ...optimizer.remembered(), ...(plateau && { plateau }) };
  const hash = createHash("sha256");
  const seal: WrittenTensor = { name: sealName, dtype: "U8", shape: [sealBytes], bytes: () => hash.copy().digest() };
  await writeSafetensors(join(folder, trainingStateFile), [...tensors, seal], {
    metadata: { format: trainingStateFormat, state: writeFacts(facts) },
    shouldStop,
    onBytes: (bytes) => hash.update(bytes),
  });
}

/**
 * Puts a checkpoint's training state into a fresh optimizer and the parameters that the checkpoint's model was loaded into.
 * @param source a path: a folder that this program made
 * @param into.field the path that faults are reported under
 * @returns how far training was
 * @throws SnapshotMismatch when it is another optimizer's or another model's; FaultError when there is none, when it was damaged or belongs to
 *   other weights; Cancelled. Nothing has changed then
 */
export async function loadTrainingState(
  source: ModelFolder | string,
  into: { optimizer: EngineOptimizer; parameters: ParameterStore; field: string; shouldStop?: ShouldStop },
): Promise<Pick<TrainingFacts, "step" | "plateau">> {
  const { optimizer, parameters, field, shouldStop = () => false } = into;
  return await withTrainingState(source, field, async (file, header) => {
    const { facts } = header;
    const differences = layoutDifferences(optimizer.layout, header.layout);
    if (differences.length > 0) throw new SnapshotMismatch(differences, facts.optimizer.name);
    if ((await weightsDigest(parameters, shouldStop)) !== facts.weightsDigest)
      throw new FaultError([corrupt(field, "belongs to other weights than those beside it")]);
    const tensors = await readTensors(file, header, field, shouldStop);
    const { scalars, lastStep, step, plateau } = facts;
    const moved = parameters.names.filter((name) => tensors.has(parameterKey(name)));
    const values = new Map(moved.map((name) => [name, tensors.get(parameterKey(name))]));
    for (const name of moved) tensors.delete(parameterKey(name));
    optimizer.restore({ tensors, scalars, ...(lastStep && { lastStep }) });
    for (const [name, tensor] of values) if (tensor) parameters.set(name, tensor.values, tensor.shape);
    return { step, ...(plateau && { plateau }) };
  });
}

/** All tensors, once every byte of the file is known to be what was written. */
async function readTensors(
  file: ModelFile["file"],
  { tensors, seal }: TrainingStateHeader,
  field: string,
  shouldStop: ShouldStop,
): Promise<Map<string, { shape: number[]; values: Float32Array }>> {
  const hash = createHash("sha256");
  const read = async (begin: number, end: number) => {
    const bytes = await readBytes(file, begin, end - begin);
    await inPieces(bytes, shouldStop, (piece) => hash.update(piece));
    return bytes;
  };
  await read(0, tensors[0]?.[1].begin ?? seal.begin);
  const values = new Map<string, { shape: number[]; values: Float32Array }>();
  for (const [name, { shape, begin, end }] of tensors)
    values.set(name, { shape, values: new Float32Array((await read(begin, end)).buffer) });
  const sealed = await readBytes(file, seal.begin, sealBytes);
  if (!hash.digest().equals(sealed))
    throw new FaultError([corrupt(field, "is corrupt: its bytes are not those that were written, by their SHA-256")]);
  return values;
}
