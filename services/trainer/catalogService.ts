import type {
  DatasetInput,
  GetDatasetRequest,
  GetOptimizerRequest,
  ImportDatasetRequest,
  ListOptimizersRequest,
  ListOptimizersResponseInput,
  OptimizerInput,
} from "@stepwire/proto";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import { plain } from "#core/quote.js";
import { clientStream, unary } from "#platform/handlers.js";
import type { RecordStore } from "#platform/recordStore.js";
import { notFound } from "#platform/statusError.js";
import type { Importer } from "./datasets/importDataset.js";
import { writeDataset } from "./wire.js";

/** Loaded by the first call that needs it, or once the service is ready: it takes a fifth of the start. */
const catalogue = () => import("./optimizerCatalogue.js");

/** What CatalogService needs. */
export interface CatalogParts {
  datasets: RecordStore<DatasetRecord>;
  importer: Importer;
}

/** The handlers of CatalogService. */
export function catalogService({ datasets, importer }: CatalogParts) {
  return {
    ListOptimizers: unary<ListOptimizersRequest, ListOptimizersResponseInput>(async () => (await catalogue()).listOptimizers()),

    GetOptimizer: unary<GetOptimizerRequest, OptimizerInput>(async ({ name }) => (await catalogue()).getOptimizer(name)),

    GetDataset: unary<GetDatasetRequest, DatasetInput>(async (request, { tenant }) => {
      const found = await datasets.get(tenant, request.id);
      if (!found) throw notFound("dataset", plain(request.id), "id");
      return writeDataset(found.record);
    }),

    ImportDataset: clientStream<ImportDatasetRequest, DatasetInput>(async (requests, call) =>
      writeDataset(await importer.importDataset(requests, call)),
    ),
  };
}
