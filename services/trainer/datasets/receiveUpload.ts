import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { ImportDatasetRequest } from "@stepwire/proto";
import { checkColumnChoice, checkSplitNames } from "#core/datasets/checkChoice.js";
import { datasetLimits } from "#core/datasets/datasetLimits.js";
import { collectFaults, type FaultCollector } from "#core/datasets/faultCollector.js";
import type { TableFile } from "#core/datasets/parseTable.js";
import type { DatasetColumns } from "#core/datasets/datasetColumns.js";
import { resourceIdFault } from "#core/jobs/jobId.js";
import { quote } from "#core/quote.js";
import { orAborted } from "#platform/abort.js";
import { invalidArgument } from "#platform/statusError.js";
import type { UploadedFile } from "./importProtocol.js";

/** What came, with its files on the disk. */
export interface Upload {
  /** Empty when the caller left the id to the server. */
  id: string;
  columns: DatasetColumns;
  files: UploadedFile[];
}

/**
 * Writes the files of an upload into a folder, as they come.
 * @throws StatusError INVALID_ARGUMENT: at once when the order of the messages is wrong or the upload too large, otherwise at the end, with
 *   everything that is wrong with header and files; the signal's reason when it is aborted
 */
export async function receiveUpload(
  requests: AsyncIterable<ImportDatasetRequest>,
  options: { folder: string; maxBytes: number; signal: AbortSignal },
): Promise<Upload> {
  const { folder, maxBytes, signal } = options;
  const faults = collectFaults();
  const refuse = (field: string, reason: string, description: string) => {
    faults.add(field, reason, description);
    return invalidArgument(faults.list());
  };
  let header: Pick<Upload, "id" | "columns"> | undefined;
  const files: UploadedFile[] = [];
  let handle: FileHandle | undefined;
  let bytes = 0;
  const iterator = requests[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await orAborted(iterator.next(), signal);
      if (next.done) break;
      const request = next.value;
      if (request.header) {
        if (header) throw refuse("header", "OUT_OF_ORDER", "a second header came; an upload has one, as its first message");
        header = readHeader(request.header, faults);
      } else if (!header) {
        throw refuse("header", "OUT_OF_ORDER", "the first message must be the header");
      } else if (request.file) {
        if (files.length === datasetLimits.files)
          throw refuse("files", "TOO_MANY_FILES", `more than ${datasetLimits.files} files came, the most a data set may have, one a split`);
        const path = join(folder, `upload-${files.length}`);
        files.push(readFile(request.file, path, `files[${files.length}]`, faults));
        await handle?.close();
        handle = await open(path, "w");
      } else if (request.chunk) {
        if (!handle) throw refuse("chunk", "OUT_OF_ORDER", "a chunk came before the first file");
        bytes += request.chunk.length;
        if (bytes > maxBytes) throw refuse("files", "TOO_LARGE", `the upload is larger than ${maxBytes} bytes, the most this server takes`);
        await handle.appendFile(request.chunk);
      } else {
        throw refuse("part", "REQUIRED", "a message has neither header nor file nor chunk");
      }
    }
    // A caller that is gone ends the stream like one that has finished: what came so far is not the data set.
    signal.throwIfAborted();
  } catch (error) {
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
    throw error;
  } finally {
    await handle?.close();
  }
  if (!header) faults.add("header", "REQUIRED", "nothing came; the first message must be the header");
  else checkSplitNames(files, faults);
  if (faults.count() > 0 || !header) throw invalidArgument(faults.list());
  return { ...header, files };
}

function readHeader(
  { dataset_id: id, columns }: NonNullable<ImportDatasetRequest["header"]>,
  faults: FaultCollector,
): Pick<Upload, "id" | "columns"> {
  const fault = id === "" ? undefined : resourceIdFault(id, "header.dataset_id");
  if (fault) faults.add(fault.field, fault.reason, fault.description);
  const chosen = {
    ...(columns?.text && { text: columns.text }),
    ...(columns?.text_pair && { textPair: columns.text_pair }),
    ...(columns?.label && { label: columns.label }),
    ...(columns?.target && { target: columns.target }),
    ...(columns?.prompt && { prompt: columns.prompt }),
    ...(columns?.completion && { completion: columns.completion }),
  };
  checkColumnChoice(chosen, faults);
  return { id, columns: chosen };
}

function readFile(file: NonNullable<ImportDatasetRequest["file"]>, path: string, field: string, faults: FaultCollector): UploadedFile {
  const format = /^DATASET_FORMAT_(CSV|TSV|JSONL|PARQUET)$/.exec(String(file.format))?.[1] as TableFile["format"] | undefined;
  if (!format)
    faults.add(
      `${field}.format`,
      "UNKNOWN_VALUE",
      `${quote(String(file.format).replace("DATASET_FORMAT_", ""))} is not a format; allowed: CSV, TSV, JSONL, PARQUET`,
    );
  return { split: file.split, format: format ?? "CSV", filename: file.filename || field, path };
}
