import type { Fault } from "../fault.js";
import { countCharacters, plain, quote } from "../quote.js";

/** What the labels of a job may be at most: they stand in its record, and in every list of jobs. */
const most = { labels: 64, keyCharacters: 63, valueCharacters: 255 };

/** @param field path of the labels in the words of the API */
export function labelFaults(labels: Readonly<Record<string, string>>, field: string): Fault[] {
  const entries = Object.entries(labels);
  if (entries.length > most.labels)
    return [{ field, reason: "TOO_MANY_LABELS", description: `there are ${entries.length} labels; allowed: at most ${most.labels}` }];
  return entries.flatMap(([key, value]) => {
    const at = `${field}[${quote(key)}]`;
    const faults: Fault[] = [];
    if (key === "")
      faults.push({ field: at, reason: "REQUIRED", description: `a label has no key; allowed: 1 to ${most.keyCharacters} characters` });
    if (countCharacters(key) > most.keyCharacters)
      faults.push({
        field: at,
        reason: "TOO_LONG",
        description: `the key has ${countCharacters(key)} characters; allowed: 1 to ${most.keyCharacters}`,
      });
    if (countCharacters(value) > most.valueCharacters)
      faults.push({
        field: at,
        reason: "TOO_LONG",
        description: `the value "${plain(value)}" has ${countCharacters(value)} characters; allowed: at most ${most.valueCharacters}`,
      });
    return faults;
  });
}
