import { invalidArgument } from "./statusError.js";

/**
 * The page size to use (AIP-158): 50 when the caller leaves it 0, at most 1000.
 * @throws StatusError INVALID_ARGUMENT when it is out of range
 */
export function pageSize(requested: number): number {
  if (requested < 0 || requested > 1000)
    throw invalidArgument([
      { field: "page_size", reason: "OUT_OF_RANGE", description: `${requested} is out of range; allowed: 0 to 1000` },
    ]);
  return requested || 50;
}
