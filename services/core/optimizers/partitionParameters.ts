import type { OptimizerEntry } from "./catalogueEntry.js";
import type { ChainElement } from "./chain.js";
import type { GroupOverride } from "../jobs/trainingJob.js";
import { isHiddenMatrix, type ParameterDescription, withoutFrozen } from "./parameterGroups.js";

/** A chain with the parameters that it updates. */
export interface Partition<P> {
  readonly chain: readonly ChainElement[];
  readonly parameters: readonly P[];
}

/**
 * All parameters that are not frozen together, or, of a split optimizer, the hidden matrices apart from all others. Order is kept; no partition is
 * empty.
 */
export function partitionParameters<P extends ParameterDescription>(
  { chain, others, groups }: Pick<OptimizerEntry, "chain" | "others"> & { groups?: readonly GroupOverride[] },
  all: readonly P[],
): Partition<P>[] {
  const parameters = withoutFrozen(all, groups);
  const partitions = others
    ? [
        { chain, parameters: parameters.filter(isHiddenMatrix) },
        { chain: others, parameters: parameters.filter((parameter) => !isHiddenMatrix(parameter)) },
      ]
    : [{ chain, parameters }];
  return partitions.filter((partition) => partition.parameters.length > 0);
}
