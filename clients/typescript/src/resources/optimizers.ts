import type { ListOptimizersResponse } from "@stepwire/proto";
import { callOptionNames, type CallOptions } from "../options.js";
import { optionViolations, requireValid } from "../calls/checkArguments.js";
import { unary } from "../calls/unary.js";
import type { Connection } from "../connection.js";
import { readMessage } from "../mapping/readMessage.js";
import type { Optimizer } from "../messages.js";

/** Calls about the catalogue of optimizers. */
export interface Optimizers {
  /** Every optimizer that a job can name, with its formula, source and hyperparameters. */
  list(options?: CallOptions): Promise<Optimizer[]>;
}

export function optimizers(connection: Connection): Optimizers {
  return {
    list: async (options = {}) => {
      requireValid(optionViolations(options, callOptionNames, ""));
      const response = await unary<ListOptimizersResponse>(
        connection,
        "CatalogService/ListOptimizers",
        (...call) => connection.catalog.ListOptimizers({}, ...call),
        options,
      );
      return response.optimizers.map((optimizer) => readMessage("stepwire.v1.Optimizer", optimizer));
    },
  };
}
