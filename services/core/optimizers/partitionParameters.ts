import type { OptimizerEntry } from "./catalogueEntry.js";
import type { ChainElement } from "./chain.js";
import { isHiddenMatrix, type ParameterDescription } from "./parameterGroups.js";

/** A chain with the parameters that it updates. */
export interface Partition<P> {
  readonly chain: readonly ChainElement[];
  readonly parameters: readonly P[];
}

/** All parameters together, or, of a split optimizer, the hidden matrices apart from all others. Order is kept; no partition is empty. */
export function partitionParameters<P extends ParameterDescription>(
  { chain, others }: Pick<OptimizerEntry, "chain" | "others">,
  parameters: readonly P[],
): Partition<P>[] {
  if (!others) return [{ chain, parameters }];
  const partitions = [
    { chain, parameters: parameters.filter(isHiddenMatrix) },
    { chain: others, parameters: parameters.filter((parameter) => !isHiddenMatrix(parameter)) },
  ];
  return partitions.filter((partition) => partition.parameters.length > 0);
}
