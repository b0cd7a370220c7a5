import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { collectFaults } from "#core/datasets/faultCollector.js";
import { type ColumnName, columnType, type PredictionColumns } from "#core/evaluations/predictionColumns.js";
import { sentPredictions } from "#core/evaluations/sentPredictions.js";
import { runnerMain } from "#platform/runnerProcess.js";
import type { MeasureInput, MeasureMessage } from "../measureProtocol.js";

// Checks and measures predictions that were sent: a process of its own, so that millions of rows cost the service neither time nor memory.

/** What is in memory at a time besides what metrics need of all rows: with many classes fewer rows. */
const most = { rows: 16_384, probabilities: 262_144 };

await runnerMain(async (raw, { send, shouldStop }) => {
  const input = raw as MeasureInput;
  const tell = (message: MeasureMessage) => send(message);
  const files = new Map<ColumnName, FileHandle>();
  let stored: FileHandle | undefined;
  try {
    for (const name of input.columns) files.set(name, await open(join(input.folder, name), "r"));
    stored = await open(input.predictionsFile, "w");
    const faults = collectFaults({ field: "rows" });
    const predictions = sentPredictions(input.rows, input.columns, input.source, faults);
    const batch = Math.min(most.rows, Math.floor(most.probabilities / Math.max(1, input.source.classes.length)));
    for (let first = 0; first < input.rows; first += batch) {
      // Each piece of work is a sign of life.
      shouldStop();
      const lines = predictions.add(await readColumns(files, Math.min(batch, input.rows - first), input.source.classes.length));
      if (faults.count() === 0) await stored.appendFile(lines);
    }
    if (faults.count() > 0) return await tell({ type: "faults", faults: faults.list() });
    await tell({ type: "measured", ...predictions.finish(input.intervals) });
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    await tell({ type: "failed", code, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  } finally {
    await Promise.all([...files.values(), stored].map(async (file) => await file?.close()));
  }
});

async function readColumns(files: ReadonlyMap<ColumnName, FileHandle>, rows: number, classes: number): Promise<PredictionColumns> {
  const columns: PredictionColumns = {};
  for (const [name, file] of files) {
    const values = new (columnType(name))(name === "probabilities" ? rows * classes : rows);
    const { bytesRead } = await file.read(values, 0, values.byteLength);
    if (bytesRead !== values.byteLength) throw new RangeError(`${name}: ${bytesRead} of ${values.byteLength} bytes are there`);
    columns[name] = values;
  }
  return columns;
}
