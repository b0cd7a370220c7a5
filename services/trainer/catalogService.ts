import type {
  DatasetInput,
  GetDatasetRequest,
  ImportDatasetRequest,
  ListOptimizersRequest,
  ListOptimizersResponseInput,
} from "@stepwire/proto";
import { buildDataset } from "#core/datasets/buildDataset.js";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import type { Example } from "#core/datasets/example.js";
import type { TableFile } from "#core/datasets/parseTable.js";
import type { Fault } from "#core/fault.js";
import { resourceIdFault } from "#core/jobs/jobId.js";
import { optimizers } from "#core/optimizers/catalogue.js";
import type { ArtifactStore } from "#platform/artifactStore.js";
import { clientStream, unary } from "#platform/handlers.js";
import { RecordExists, type RecordStore } from "#platform/recordStore.js";
import { alreadyExists, invalidArgument, notFound } from "#platform/statusError.js";
import { storeDataset } from "./datasetStore.js";
import { writeDataset, writeOptimizer } from "./wire.js";

/** What CatalogService needs. */
export interface CatalogParts {
  datasets: RecordStore<DatasetRecord>;
  artifacts: ArtifactStore;
  /** Counts an example's tokens with the default model's tokenizer; undefined when the server has no default model. */
  tokenCounter: () => Promise<((example: Example) => number) | undefined>;
  maxDatasetBytes: number;
}

/** The handlers of CatalogService. */
export function catalogService(parts: CatalogParts) {
  return {
    ListOptimizers: unary<ListOptimizersRequest, ListOptimizersResponseInput>(async () => ({ optimizers: optimizers.map(writeOptimizer) })),

    GetDataset: unary<GetDatasetRequest, DatasetInput>(async (request, { tenant }) => {
      const found = await parts.datasets.get(tenant, request.id);
      if (!found) throw notFound("dataset", request.id, "id");
      return writeDataset(found.record);
    }),

    ImportDataset: clientStream<ImportDatasetRequest, DatasetInput>(async (requests, { tenant, signal }) => {
      const upload = await receive(requests, parts.maxDatasetBytes);
      // A caller that is gone ends the stream like one that has finished: what came so far is not the data set.
      signal.throwIfAborted();
      const { dataset, faults, warnings } = await buildDataset(upload);
      if (!dataset) throw invalidArgument(faults);
      const countTokens = await parts.tokenCounter();
      signal.throwIfAborted();
      try {
        const record = await storeDataset(
          { records: parts.datasets, artifacts: parts.artifacts },
          {
            tenant,
            id: upload.id,
            columns: upload.columns,
            content: dataset,
            warnings,
            ...(countTokens && { countTokens }),
            now: new Date().toISOString(),
          },
        );
        return writeDataset(record);
      } catch (error) {
        if (error instanceof RecordExists) throw alreadyExists("dataset", upload.id, "header.dataset_id", "with other content or columns");
        throw error;
      }
    }),
  };
}

interface Upload {
  id: string;
  columns: { text: string; textPair?: string; label: string };
  files: (TableFile & { split: string })[];
}

async function receive(requests: AsyncIterable<ImportDatasetRequest>, maxBytes: number): Promise<Upload> {
  const faults: Fault[] = [];
  let header: Pick<Upload, "id" | "columns"> | undefined;
  const files: { split: string; format: TableFile["format"]; filename: string; chunks: Uint8Array[] }[] = [];
  let bytes = 0;
  for await (const request of requests) {
    if (request.header) {
      const { dataset_id: id, columns } = request.header;
      header = {
        id,
        columns: { text: columns?.text ?? "", ...(columns?.text_pair && { textPair: columns.text_pair }), label: columns?.label ?? "" },
      };
      const idFault = id === "" ? undefined : resourceIdFault(id, "header.dataset_id");
      if (idFault) faults.push(idFault);
      for (const column of ["text", "label"] as const)
        if (header.columns[column] === "")
          faults.push({ field: `header.columns.${column}`, reason: "REQUIRED", description: "is empty; name a column" });
    } else if (request.file) {
      const { split, filename } = request.file;
      const format = /^DATASET_FORMAT_(CSV|TSV|JSONL|PARQUET)$/.exec(String(request.file.format))?.[1] as TableFile["format"] | undefined;
      if (!format)
        faults.push({
          field: `files[${files.length}].format`,
          reason: "UNKNOWN_VALUE",
          description: `"${request.file.format}" is not a format; allowed: CSV, TSV, JSONL, PARQUET`,
        });
      files.push({ split, format: format ?? "CSV", filename, chunks: [] });
    } else if (request.chunk) {
      const file = files.at(-1);
      if (!file) throw invalidArgument([{ field: "chunk", reason: "OUT_OF_ORDER", description: "a chunk came before the first file" }]);
      bytes += request.chunk.length;
      if (bytes > maxBytes)
        throw invalidArgument([
          { field: "chunk", reason: "TOO_LARGE", description: `the upload is larger than ${maxBytes} bytes, the most this server takes` },
        ]);
      file.chunks.push(request.chunk);
    }
  }
  if (!header) faults.push({ field: "header", reason: "REQUIRED", description: "the first message must be the header" });
  if (files.length === 0) faults.push({ field: "file", reason: "REQUIRED", description: "no file was sent" });
  if (faults.length > 0 || !header) throw invalidArgument(faults);
  return { ...header, files: files.map(({ chunks, ...file }) => ({ ...file, bytes: Buffer.concat(chunks) })) };
}
