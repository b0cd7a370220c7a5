import { type Fault, FaultError } from "#core/fault.js";
import { describeValue } from "#core/models/describeValue.js";
import type { TensorEntry } from "#core/models/safetensorsHeader.js";
import type { StateLayout } from "#core/optimizers/stateLayout.js";
import { readFacts, type TrainingFacts } from "#core/training/trainingFacts.js";
import { FileChanged, readTensorEntries, refuse } from "../models/modelFiles.js";
import { type ModelFile, type ModelFolder, modelFolder, openModelFile } from "../models/modelFolder.js";

/** Stands beside a checkpoint's model.safetensors where the job kept its training state. */
export const trainingStateFile = "training_state.safetensors";
/** What its metadata calls the file's format. */
export const trainingStateFormat = "stepwire.training_state";
/** The last tensor: SHA-256 over all bytes of the file before it. */
export const sealName = "sha256";
export const sealBytes = 32;

/** A training state without the numbers of its tensors. */
export interface TrainingStateHeader {
  facts: TrainingFacts;
  layout: StateLayout;
  /** Where the tensors are, in the order of the file; the seal is not one of them. */
  tensors: readonly (readonly [name: string, entry: TensorEntry])[];
  seal: TensorEntry;
}

/**
 * Reads what a checkpoint's training state is of, without TensorFlow and without its tensors.
 * @param source a path: a folder that this program made
 * @param field the path that faults are reported under
 * @throws FaultError when there is none, or with everything that is wrong with its header
 */
export async function inspectTrainingState(source: ModelFolder | string, field: string): Promise<TrainingStateHeader> {
  return await withTrainingState(source, field, (_opened, header) => Promise.resolve(header));
}

/** Opens a training state, reads its header, and closes it after `work`. @throws FaultError as `inspectTrainingState`, and what `work` throws */
export async function withTrainingState<T>(
  source: ModelFolder | string,
  field: string,
  work: (opened: ModelFile, header: TrainingStateHeader) => Promise<T>,
): Promise<T> {
  const folder = modelFolder(source, "the checkpoint");
  const opened = await openModelFile(folder, trainingStateFile, field);
  if (opened === undefined) {
    const description = `"${folder.name}" has no ${trainingStateFile}: its training state was not kept`;
    throw new FaultError([{ field, reason: "MISSING_FILE", description }]);
  }
  try {
    return await work(opened, await readHeader(opened, field));
  } catch (error) {
    if (!(error instanceof FileChanged)) throw error;
    throw new FaultError([corrupt(field, "changed while it was read")]);
  } finally {
    await opened.file.close();
  }
}

/** A fault of the file. */
export function corrupt(field: string, problem: string): Fault {
  return { field, reason: "CORRUPT", description: `${trainingStateFile} ${problem}` };
}

async function readHeader(opened: ModelFile, field: string): Promise<TrainingStateHeader> {
  const { tensors, metadata, faults } = await readTensorEntries(opened, field, trainingStateFile);
  refuse(faults);
  const format = metadata?.get("format");
  if (tensors === undefined || format !== trainingStateFormat)
    throw new FaultError([corrupt(field, `has the format ${describeValue(format)}; allowed: "${trainingStateFormat}"`)]);
  const read = readFacts(metadata?.get("state") ?? "");
  const problems = read.problems.map((problem) => `is corrupt: its state ${problem}`);
  const ordered = [...tensors].toSorted(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  const [last, seal] = ordered.pop() ?? [];
  if (seal === undefined || last !== sealName || seal.dtype !== "U8" || seal.end - seal.begin !== sealBytes)
    problems.push(`is corrupt: its last tensor is not "${sealName}", ${sealBytes} bytes of type U8`);
  const narrow = ordered.filter(([, { dtype }]) => dtype !== "F32");
  const [first] = narrow;
  if (first) problems.push(`is corrupt: ${narrow.length} of its tensors, e.g. ${describeValue(first[0])}, are not of type F32`);
  refuse(problems.map((problem) => corrupt(field, problem)));
  if (seal === undefined || read.facts === undefined) throw new Error("a header without faults has facts and a seal");
  const layout = {
    tensors: new Map(ordered.map(([name, { shape }]) => [name, shape] as const)),
    scalars: new Set(Object.keys(read.facts.scalars)),
  };
  return { facts: read.facts, layout, tensors: ordered, seal };
}
