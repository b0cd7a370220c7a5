import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { EvaluatePredictionsRequest } from "@stepwire/proto";
import { collectFaults, type FaultCollector } from "#core/datasets/faultCollector.js";
import { type ColumnName, columnNames, columnType, sentLimits, taskColumns } from "#core/evaluations/predictionColumns.js";
import { orAborted } from "#platform/abort.js";
import { invalidArgument } from "#platform/statusError.js";
import { type PredictionHeader, readHeader } from "./readHeader.js";

/** What came, with its columns on the disk. */
export interface ReceivedPredictions extends PredictionHeader {
  rows: number;
  columns: readonly ColumnName[];
}

type Rows = NonNullable<EvaluatePredictionsRequest["rows"]>;

/**
 * Writes predictions into a folder as they come, each column into a file of its name.
 * @throws StatusError INVALID_ARGUMENT: at once when messages are out of order, columns missing or rows too many, otherwise at the end with everything
 *   that is wrong with the header; the signal's reason when it is aborted
 */
export async function receivePredictions(
  requests: AsyncIterable<EvaluatePredictionsRequest>,
  { folder, signal }: { folder: string; signal: AbortSignal },
): Promise<ReceivedPredictions> {
  const faults = collectFaults({ field: "rows" });
  const refuse = (field: string, reason: string, description: string) => {
    faults.add(field, reason, description);
    return invalidArgument(faults.list());
  };
  let header: PredictionHeader | undefined;
  let columns: readonly ColumnName[] | undefined;
  const files = new Map<ColumnName, FileHandle>();
  let [rows, bytes] = [0, 0];
  const iterator = requests[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await orAborted(iterator.next(), signal);
      if (next.done) break;
      const request = next.value;
      if (request.header) {
        if (header) throw refuse("header", "OUT_OF_ORDER", "a second header came; predictions have one, as their first message");
        header = readHeader(request.header, faults);
        continue;
      }
      if (!header) throw refuse("header", "OUT_OF_ORDER", "the first message must be the header");
      // What is wrong with the header may make all rows wrong.
      if (faults.count() > 0) throw invalidArgument(faults.list());
      if (!request.rows) throw refuse("part", "REQUIRED", "a message has neither header nor rows");
      const own = columnNames.filter((name) => request.rows && request.rows[name].length > 0);
      if (own.length === 0) continue;
      columns ??= own;
      const count = request.rows[taskColumns[header.source.task].truth].length;
      checkColumns(request.rows, { own, first: columns, count, header, rows }, faults);
      // What is wrong with columns is wrong with all that follow.
      if (faults.count() > 0) throw invalidArgument(faults.list());
      rows += count;
      if (rows > sentLimits.rows) throw refuse("rows", "TOO_MANY_ROWS", `more than ${sentLimits.rows} rows came, the most that are taken`);
      for (const name of own) {
        const values = columnType(name).from(request.rows[name]);
        bytes += values.byteLength;
        if (bytes > sentLimits.bytes)
          throw refuse("rows", "TOO_LARGE", `the rows take more than ${sentLimits.bytes} bytes, the most that this server keeps of them`);
        const file = files.get(name) ?? (await open(join(folder, name), "w"));
        files.set(name, file);
        await file.appendFile(new Uint8Array(values.buffer));
      }
    }
    // A caller that is gone ends the stream like one that has finished: what came so far is not all.
    signal.throwIfAborted();
  } catch (error) {
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
    throw error;
  } finally {
    await Promise.all([...files.values()].map((file) => file.close()));
  }
  if (!header) faults.add("header", "REQUIRED", "nothing came; the first message must be the header");
  else if (rows === 0 && faults.count() === 0) faults.add("rows", "REQUIRED", "no row came; at least one is needed");
  if (!header || !columns || faults.count() > 0) throw invalidArgument(faults.list());
  return { ...header, rows, columns };
}

interface ColumnsSeen {
  /** Columns of these rows, and of the first ones. */
  own: readonly ColumnName[];
  first: readonly ColumnName[];
  /** Of these rows. */
  count: number;
  header: PredictionHeader;
  /** That came before. */
  rows: number;
}

function checkColumns(rows: Rows, { own, first, count, header, rows: before }: ColumnsSeen, faults: FaultCollector): void {
  const { task } = header.source;
  const { needed, someOf } = taskColumns[task];
  const allowed = [...needed, ...someOf, "groups"];
  const from = `from row ${before}`;
  for (const name of own.filter((each) => !allowed.includes(each)))
    faults.add(`rows.${name}`, "CONFLICT", `is given, and the task is ${task}; allowed: ${allowed.join(", ")}`);
  for (const name of needed.filter((each) => !own.includes(each))) faults.add(`rows.${name}`, "REQUIRED", `has no values ${from}`);
  if (someOf.length > 0 && !someOf.some((name) => own.includes(name)))
    faults.add("rows", "REQUIRED", `neither ${someOf.join(" nor ")} has values ${from}; one of them is needed`);
  if (own.join() !== first.join())
    faults.add(
      "rows",
      "COLUMNS_DIFFER",
      `${from} there are ${own.join(", ")}, before it ${first.join(", ")}; allowed: the same for all rows`,
    );
  for (const name of own.filter((each) => allowed.includes(each))) {
    const expected = name === "probabilities" ? count * header.classes.length : count;
    if (rows[name].length === expected || count === 0) continue;
    const each = name === "probabilities" ? `${count} rows of ${header.classes.length} classes` : `${count} rows`;
    faults.add(`rows.${name}`, "COUNTS_DIFFER", `there are ${rows[name].length} values ${from}, for ${each}; allowed: ${expected}`);
  }
}
