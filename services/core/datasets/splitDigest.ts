import { createHash } from "node:crypto";
import { canonicalLine } from "./encodeExamples.js";
import type { Example } from "./example.js";

/**
 * SHA-256 (hex) over the canonical rows, with classes by name: the same rows give the same digest from whatever file they were read, and
 * whatever other classes the data set has.
 * @param classes the data set's label names by class id; empty: the labels are no classes
 */
export function splitDigest(examples: readonly Example[], classes: readonly string[]): string {
  const hash = createHash("sha256");
  for (const example of examples) {
    const name = classes.length === 0 ? example.label : classes[example.label];
    if (name === undefined) throw new RangeError(`label is ${example.label}; allowed: a class id from 0 to ${classes.length - 1}`);
    hash.update(canonicalLine(example, name), "utf8");
  }
  return hash.digest("hex");
}

/** SHA-256 (hex) over the classes and the digests of the splits, whatever the order in which the splits came. */
export function datasetDigest(classes: readonly string[], splits: readonly { name: string; digest: string }[]): string {
  const ordered = splits.map(({ name, digest }) => ({ name, digest })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify({ classes, splits: ordered }), "utf8")
    .digest("hex");
}
