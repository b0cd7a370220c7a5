import { isDeepStrictEqual } from "node:util";
import { messageJson } from "../mapping/messageJson.js";
import type { Study } from "../messages.js";

/** What a declaration says, in its own order and words. */
const declared = [
  ...["title", "purpose", "job", "arms", "tuning", "seeds", "test_split", "metric"],
  ...["margin", "level", "correction", "reference", "parallelism", "claims", "contrasts"],
];

/** The fields in which two studies were declared differently, every default filled in. */
export function studyDifferences(one: Study, other: Study): string[] {
  const [first, second] = [one, other].map((study) => messageJson("stepwire.v1.Study", study, "plain"));
  return declared.filter((field) => !isDeepStrictEqual(first?.[field], second?.[field]));
}
