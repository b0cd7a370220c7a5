import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import type { ImportDatasetRequest } from "@stepwire/proto";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import type { ArtifactStore } from "#platform/artifactStore.js";
import type { ProcessLimits } from "#platform/checkingProcess.js";
import { diskFault, exhausted } from "#platform/exhausted.js";
import type { CallContext } from "#platform/handlers.js";
import type { Logger } from "#platform/logger.js";
import type { RecordStore } from "#platform/recordStore.js";
import { createSlots } from "#platform/slots.js";
import { StatusError } from "#platform/statusError.js";
import { openUploads } from "#platform/uploads.js";
import { checkUpload } from "./checkUpload.js";
import { receiveUpload } from "./receiveUpload.js";
import { storeDataset } from "./storeDataset.js";

/** What an import may take. */
export interface ImportLimits extends ProcessLimits {
  /** Bytes of all files of an upload. */
  uploadBytes: number;
  /** Imports beside the one that is being checked: they come in, or wait. */
  waiting: number;
}

/**
 * Memory: one upload is checked at a time, in a process that is ended at `memoryMegabytes`; the service itself needs about 150 MiB. Together
 * they are what `deploy/kubernetes/base/trainer.yaml` allows. Disk: an import takes about three times its upload.
 */
export const defaultImportLimits: ImportLimits = {
  uploadBytes: 512 * 1024 * 1024,
  waiting: 8,
  heapMegabytes: 384,
  memoryMegabytes: 768,
  stallMs: 60_000,
};

/** What imports need. */
export interface ImportParts {
  datasets: RecordStore<DatasetRecord>;
  artifacts: ArtifactStore;
  /** The folder of the artifact store. */
  dataFolder: string;
  /** The folder of the model whose tokenizer counts tokens. */
  tokenizerFolder: string;
  limits: ImportLimits;
  logger: Logger;
}

/** Imports data sets. */
export interface Importer {
  /** @throws StatusError */
  importDataset(requests: AsyncIterable<ImportDatasetRequest>, call: CallContext): Promise<DatasetRecord>;
  /** Ends the imports that run, and waits until nothing is left of them. */
  close(): Promise<void>;
}

/** Also removes what imports left whose process died. */
export async function openImporter(parts: ImportParts): Promise<Importer> {
  const { limits, logger } = parts;
  const uploads = openUploads(join(parts.dataFolder, ".uploads"));
  await uploads.sweep();
  const full = () =>
    exhausted("TOO_MANY_IMPORTS", `${limits.waiting + 1} imports are under way, the most this server takes at once; try again later`);
  const places = createSlots({ atOnce: limits.waiting + 1, waiting: 0, full });
  const checks = createSlots({ atOnce: 1, waiting: limits.waiting, full });
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();

  const run = (requests: AsyncIterable<ImportDatasetRequest>, { tenant }: CallContext, signal: AbortSignal) =>
    places.run(signal, () =>
      uploads.withFolder(async (folder) => {
        const upload = await receiveUpload(requests, { folder, maxBytes: limits.uploadBytes, signal });
        const input = { files: upload.files, columns: upload.columns, folder, tokenizerFolder: parts.tokenizerFolder };
        const dataset = await checks.run(signal, () => checkUpload(input, { limits, logger, signal }));
        return await storeDataset(parts, { tenant, id: upload.id, columns: upload.columns, dataset, signal });
      }),
    );

  return {
    importDataset: async (requests, call) => {
      const work = run(requests, call, AbortSignal.any([call.signal, closing.signal])).catch((error: unknown) => {
        throw diskFault(error, "the data set") ?? error;
      });
      running.add(work);
      try {
        return await work;
      } finally {
        running.delete(work);
      }
    },
    close: async () => {
      closing.abort(new StatusError(status.UNAVAILABLE, "SHUTTING_DOWN", "The server is shutting down; send the data set again."));
      await Promise.allSettled(running);
    },
  };
}
