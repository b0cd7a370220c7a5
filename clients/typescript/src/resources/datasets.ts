import type { FieldViolation, ImportDatasetRequestInput } from "@stepwire/proto";
import { callOptionNames, type CallOptions } from "../options.js";
import { idViolations, objectViolations, optionViolations, requireValid } from "../calls/checkArguments.js";
import { clientStream } from "../calls/clientStream.js";
import { unary } from "../calls/unary.js";
import type { Connection } from "../connection.js";
import { readMessage } from "../mapping/readMessage.js";
import { unknownKeys, writeMessage, wrongType } from "../mapping/writeMessage.js";
import type { Dataset } from "../messages.js";
import { checkFiles, type DatasetFile, type OpenableFile } from "./datasetFiles.js";

/** Which column holds what: texts to classify, texts to predict a number for, or texts to write. */
export type DatasetColumnsInput =
  | { text: string; textPair?: string | undefined; label: string }
  | { text: string; textPair?: string | undefined; target: string }
  | { prompt?: string | undefined; completion: string };

/** A data set of texts to import. */
export interface DatasetInput {
  /** Made from the content's digest when left out, so that the same content is stored once. */
  id?: string | undefined;
  /** Which column holds what; this makes the data set's kind. */
  columns: DatasetColumnsInput;
  files: readonly DatasetFile[];
}

/** How far an import is. */
export interface ImportProgress {
  sentBytes: number;
  totalBytes: number;
}

/** Options of an import. An upload has no deadline unless one is given. */
export interface ImportOptions extends CallOptions {
  onProgress?: ((progress: ImportProgress) => void) | undefined;
}

/** Calls about data sets. */
export interface Datasets {
  /** Sends files in pieces, no faster than the server takes them. All faults, by row, are reported at once and nothing is stored then. */
  import(dataset: DatasetInput, options?: ImportOptions): Promise<Dataset>;
  get(id: string, options?: CallOptions): Promise<Dataset>;
}

const read = (message: object): Dataset => readMessage("stepwire.v1.Dataset", message);

export function datasets(connection: Connection): Datasets {
  const { catalog } = connection;
  return {
    import: async (dataset, options = {}) => {
      const { header, files } = await checkDataset(dataset, options);
      return read(
        await clientStream<ImportDatasetRequestInput>(
          connection,
          "CatalogService/ImportDataset",
          (...call) => catalog.ImportDataset(...call),
          () => messagesOf(header, files, options.onProgress),
          options,
        ),
      );
    },
    get: async (id, options = {}) => {
      requireValid(idViolations(id), optionViolations(options, callOptionNames, "options"));
      return read(await unary<object>(connection, "CatalogService/GetDataset", (...call) => catalog.GetDataset({ id }, ...call), options));
    },
  };
}

async function checkDataset(
  dataset: DatasetInput,
  options: ImportOptions,
): Promise<{ header: ImportDatasetRequestInput; files: OpenableFile[] }> {
  const violations: FieldViolation[] = [
    ...objectViolations(dataset, "dataset"),
    ...optionViolations(options, ["onProgress", ...callOptionNames], "options"),
  ];
  requireValid(violations);
  violations.push(...unknownKeys(dataset, ["id", "columns", "files"], ""));
  if (dataset.id !== undefined && typeof dataset.id !== "string") violations.push(wrongType("id", dataset.id, "a string"));
  const columns = writeMessage("stepwire.v1.DatasetColumns", dataset.columns, "columns", violations);
  const given: readonly unknown[] = Array.isArray(dataset.files) ? dataset.files : [];
  if (dataset.files !== undefined && !Array.isArray(dataset.files)) violations.push(wrongType("files", dataset.files, "a list"));
  else if (given.length === 0)
    violations.push({ field: "files", reason: "REQUIRED", description: "has no file; give at least one for the split to train on" });
  const files = await checkFiles(given, violations);
  requireValid(violations);
  return { header: { header: { dataset_id: dataset.id ?? "", columns } }, files };
}

async function* messagesOf(
  header: ImportDatasetRequestInput,
  files: readonly OpenableFile[],
  onProgress: ImportOptions["onProgress"],
): AsyncGenerator<ImportDatasetRequestInput, void, undefined> {
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let sentBytes = 0;
  yield header;
  for (const file of files) {
    const { split, format, filename } = file;
    yield { file: { split, format: `DATASET_FORMAT_${format}`, filename } };
    for await (const chunk of file.chunks()) {
      yield { chunk };
      sentBytes += chunk.length;
      onProgress?.({ sentBytes, totalBytes });
    }
  }
}
