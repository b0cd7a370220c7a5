import { createHash } from "node:crypto";
import { join } from "node:path";
import { FaultError } from "#core/fault.js";
import type { OptimizerSelection } from "#core/jobs/trainingJob.js";
import { layoutDifferences, parameterKey } from "#core/optimizers/stateLayout.js";
import { type TrainingFacts, writeFacts } from "#core/training/trainingFacts.js";
import { type ShouldStop, turn } from "../cancellation.js";
import { fileIdentity } from "../models/inspectModel.js";
import { FileChanged, readBytes } from "../models/modelFiles.js";
import type { ModelFile, ModelFolder } from "../models/modelFolder.js";
import { weightsDigest } from "../models/weightsDigest.js";
import { bytesOf, pieceBytes, writeSafetensors, type WrittenTensor } from "../models/writeSafetensors.js";
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
 * Puts a checkpoint's training state into a fresh optimizer and the parameters that the checkpoint's model was loaded into. The file is read
 * twice: once to know that every byte of it is what was written, then a tensor at a time into the optimizer's own.
 * @param source a path: a folder that this program made
 * @param into.field the path that faults are reported under
 * @returns how far training was
 * @throws SnapshotMismatch when it is another optimizer's or another model's; FaultError when there is none, when it was damaged or belongs to
 *   other weights: nothing has changed then. FaultError when the file changed between its two readings; Cancelled: optimizer and parameters
 *   are of no use then
 */
export async function loadTrainingState(
  source: ModelFolder | string,
  into: { optimizer: EngineOptimizer; parameters: ParameterStore; field: string; shouldStop?: ShouldStop },
): Promise<Pick<TrainingFacts, "step" | "plateau">> {
  const { optimizer, parameters, field, shouldStop = () => false } = into;
  return await withTrainingState(source, field, async (opened, header) => {
    const { facts } = header;
    const differences = layoutDifferences(optimizer.layout, header.layout);
    if (differences.length > 0) throw new SnapshotMismatch(differences, facts.optimizer.name);
    if ((await weightsDigest(parameters, shouldStop)) !== facts.weightsDigest)
      throw new FaultError([corrupt(field, "belongs to other weights than those beside it")]);
    await checkSeal(opened, header, field, shouldStop);
    const kept = new Map(
      header.tensors.map(([name, { shape, begin, end }]) => {
        const values = async () => {
          await turn(shouldStop);
          const bytes = await readBytes(opened.file, begin, end - begin);
          await checkUnchanged(opened);
          return new Float32Array(bytes.buffer);
        };
        return [name, { shape, values }] as const;
      }),
    );
    const beside = new Map(parameters.names.map((name) => [parameterKey(name), name]));
    const { scalars, lastStep, step, plateau } = facts;
    const tensors = new Map([...kept].filter(([key]) => !beside.has(key)));
    await optimizer.restore({ tensors, scalars, ...(lastStep && { lastStep }) });
    for (const [key, name] of beside) {
      const tensor = kept.get(key);
      if (tensor) parameters.set(name, await tensor.values(), tensor.shape);
    }
    return { step, ...(plateau && { plateau }) };
  });
}

/** Reads all bytes of the file, some at a time: they have to be those that were written. @throws FaultError; Cancelled */
async function checkSeal({ file }: ModelFile, { seal }: TrainingStateHeader, field: string, shouldStop: ShouldStop): Promise<void> {
  const hash = createHash("sha256");
  for (let at = 0; at < seal.begin; at += pieceBytes) {
    await turn(shouldStop);
    hash.update(await readBytes(file, at, Math.min(pieceBytes, seal.begin - at)));
  }
  if (!hash.digest().equals(await readBytes(file, seal.begin, sealBytes)))
    throw new FaultError([corrupt(field, "is corrupt: its bytes are not those that were written, by their SHA-256")]);
}

/** @throws FileChanged when something was written into an opened file since */
async function checkUnchanged(opened: ModelFile): Promise<void> {
  const stats = await opened.file.stat({ bigint: true });
  if (fileIdentity({ ...opened, stats }) !== fileIdentity(opened)) throw new FileChanged("the file was written to after it was opened");
}
