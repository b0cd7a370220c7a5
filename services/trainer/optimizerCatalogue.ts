import { status } from "@grpc/grpc-js";
import type { ListOptimizersResponseInput, OptimizerInput } from "@stepwire/proto";
import { findOptimizer, optimizers } from "#core/optimizers/catalogue.js";
import { elements } from "#core/optimizers/elements.js";
import { nameFault } from "#core/optimizers/validateOptimizer.js";
import { StatusError } from "#platform/statusError.js";
import { writeOptimizer, writeOptimizerElement } from "./wireOptimizer.js";

/** Every optimizer, and the elements that chains are made of. */
export function listOptimizers(): ListOptimizersResponseInput {
  return { optimizers: optimizers.map(writeOptimizer), elements: elements.map(writeOptimizerElement) };
}

/** @throws StatusError for a name that is none, with the nearest one */
export function getOptimizer(name: string): OptimizerInput {
  const found = findOptimizer(name);
  if (found) return writeOptimizer(found);
  const fault = nameFault(name, "name");
  throw new StatusError(status.NOT_FOUND, "OPTIMIZER_NOT_FOUND", fault.description, { violations: [fault] });
}
