import { status } from "@grpc/grpc-js";
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
import { findOptimizer, optimizers } from "#core/optimizers/catalogue.js";
import { elements } from "#core/optimizers/elements.js";
import { nameFault } from "#core/optimizers/validateOptimizer.js";
import { plain } from "#core/quote.js";
import { clientStream, unary } from "#platform/handlers.js";
import type { RecordStore } from "#platform/recordStore.js";
import { notFound, StatusError } from "#platform/statusError.js";
import type { Importer } from "./datasets/importDataset.js";
import { writeDataset } from "./wire.js";
import { writeOptimizer, writeOptimizerElement } from "./wireOptimizer.js";

/** What CatalogService needs. */
export interface CatalogParts {
  datasets: RecordStore<DatasetRecord>;
  importer: Importer;
}

/** The handlers of CatalogService. */
export function catalogService({ datasets, importer }: CatalogParts) {
  return {
    ListOptimizers: unary<ListOptimizersRequest, ListOptimizersResponseInput>(async () => ({
      optimizers: optimizers.map(writeOptimizer),
      elements: elements.map(writeOptimizerElement),
    })),

    GetOptimizer: unary<GetOptimizerRequest, OptimizerInput>(async ({ name }) => {
      const found = findOptimizer(name);
      if (found) return writeOptimizer(found);
      const fault = nameFault(name, "name");
      throw new StatusError(status.NOT_FOUND, "OPTIMIZER_NOT_FOUND", fault.description, { violations: [fault] });
    }),

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
