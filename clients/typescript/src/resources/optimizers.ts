import type { ListOptimizersResponse } from "@stepwire/proto";
import type { CallOptions } from "../options.js";
import { unary } from "../calls/unary.js";
import type { Connection } from "../connection.js";
import { readMessage } from "../mapping/readMessage.js";
import type { Optimizer } from "../messages.js";

/** Calls about the catalogue of optimizers. */
export interface Optimizers {
  /** Every optimizer that a job can name, with its formula, source and hyperparameters. */
  list(options?: CallOptions): Promise<Optimizer[]>;
}

export function optimizers({ catalog, deadlineMs }: Connection): Optimizers {
  return {
    list: async (options = {}) => {
      const response = await unary<ListOptimizersResponse>(
        "CatalogService/ListOptimizers",
        (...call) => catalog.ListOptimizers({}, ...call),
        options,
        deadlineMs,
      );
      return response.optimizers.map((optimizer) => readMessage("stepwire.v1.Optimizer", optimizer));
    },
  };
}
