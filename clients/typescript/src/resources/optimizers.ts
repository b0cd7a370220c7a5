import type { ListOptimizersResponse, Optimizer as WireOptimizer } from "@stepwire/proto";
import { callOptionNames, type CallOptions } from "../options.js";
import { idViolations, optionViolations, requireValid } from "../calls/checkArguments.js";
import { unary } from "../calls/unary.js";
import type { Connection } from "../connection.js";
import { readMessage } from "../mapping/readMessage.js";
import type { Optimizer, OptimizerElement } from "../messages.js";

/** Calls about the catalogue of optimizers. */
export interface Optimizers {
  /** Every optimizer that a job can name, with its formula, source and hyperparameters. */
  list(options?: CallOptions): Promise<Optimizer[]>;
  /** One of them, or one of their ablations, by name. @throws StepwireError NOT_FOUND, with the nearest name */
  get(name: string, options?: CallOptions): Promise<Optimizer>;
  /** What custom chains can be made of. */
  elements(options?: CallOptions): Promise<OptimizerElement[]>;
}

export function optimizers(connection: Connection): Optimizers {
  const catalogue = async (options: CallOptions) => {
    requireValid(optionViolations(options, callOptionNames, ""));
    return await unary<ListOptimizersResponse>(
      connection,
      "CatalogService/ListOptimizers",
      (...call) => connection.catalog.ListOptimizers({}, ...call),
      options,
    );
  };
  return {
    list: async (options = {}) => (await catalogue(options)).optimizers.map((optimizer) => readMessage("stepwire.v1.Optimizer", optimizer)),
    elements: async (options = {}) =>
      (await catalogue(options)).elements.map((element) => readMessage("stepwire.v1.OptimizerElement", element)),
    get: async (name, options = {}) => {
      requireValid(idViolations(name, "name"), optionViolations(options, callOptionNames, "options"));
      const optimizer = await unary<WireOptimizer>(
        connection,
        "CatalogService/GetOptimizer",
        (...call) => connection.catalog.GetOptimizer({ name }, ...call),
        options,
      );
      return readMessage("stepwire.v1.Optimizer", optimizer);
    },
  };
}
