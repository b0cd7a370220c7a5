import { type StepwireError, summaryOf } from "../stepwireError.js";
import type { FaultFlag } from "./faultFlags.js";
import { shown, shownLong } from "./printable.js";

/** An error as people read it: what happened, then a line for each fault with the flag that caused it; one fault stands alone. */
export function failureText({ summary, violations }: StepwireError, flagOf: FaultFlag): string {
  const lines = violations.map((fault) => {
    const name = flagOf(fault) ?? fault.field;
    return `${name === "" ? "" : `${shown(name)}: `}${shownLong(fault.description)}`;
  });
  const [only = ""] = lines;
  const alone = lines.length === 1 && (summary === summaryOf(violations) || summary === violations[0]?.description);
  return alone ? only : [summary, ...lines.map((line) => `  ${line}`)].join("\n");
}
