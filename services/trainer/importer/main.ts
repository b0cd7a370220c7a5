import { buildDataset, type DatasetContent } from "#core/datasets/buildDataset.js";
import { datasetKind } from "#core/datasets/datasetColumns.js";
import { loadTokenizer } from "#engine/models/tokenizer.js";
import { runnerMain } from "#platform/runnerProcess.js";
import { openFileSource } from "../datasets/fileSource.js";
import type { CheckedSplit, ImportInput, ImportMessage } from "../datasets/importProtocol.js";
import { type CountTokens, openSplitWriter, type SplitWriter } from "../datasets/splitWriter.js";

// Checks one upload and writes its files: a process of its own, so that a hostile or huge file costs the service neither time nor memory.

await runnerMain(async (raw, { send, shouldStop }) => {
  const input = raw as ImportInput;
  const tell = (message: ImportMessage) => send(message);
  // Each piece of work is a sign of life.
  const progress = () => void shouldStop();
  const areClasses = datasetKind(input.columns) === "classes";
  const closing: { close(): Promise<void> }[] = [];
  try {
    const writers: SplitWriter[] = [];
    const files = [];
    for (const [index, { path, ...file }] of input.files.entries()) {
      const content = await openFileSource(path, progress);
      const writer = await openSplitWriter(input.folder, `split-${index}`, areClasses, progress);
      closing.push(content, writer);
      writers.push(writer);
      files.push({ ...file, content });
    }
    const { dataset, faults, warnings } = await buildDataset({
      files,
      columns: input.columns,
      keep: async (split, rows) => await writers[split]?.keep(rows),
    });
    if (!dataset) return await tell({ type: "faults", faults });
    const splits = await finish(dataset, writers, await tokenCounter(input.tokenizerFolder));
    await tell({ type: "checked", dataset: { classes: dataset.classes, digest: dataset.digest, splits, warnings } });
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    await tell({ type: "failed", code, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  } finally {
    await Promise.all(closing.map((file) => file.close()));
  }
});

async function finish(
  { splits, classIds }: DatasetContent,
  writers: readonly SplitWriter[],
  countTokens: CountTokens | undefined,
): Promise<CheckedSplit[]> {
  const checked: CheckedSplit[] = [];
  for (const [index, split] of splits.entries()) {
    const written = await writers[index]?.finish(classIds, countTokens);
    if (written) checked.push({ ...split, ...written });
  }
  return checked;
}

/** Without a default model data sets get no token lengths. */
async function tokenCounter(folder: string): Promise<CountTokens | undefined> {
  try {
    const encode = await loadTokenizer(folder, Number.MAX_SAFE_INTEGER);
    return (text, textPair) => encode(text, textPair).ids.length;
  } catch (error) {
    process.stderr.write(`no default model, so no token lengths: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
}
