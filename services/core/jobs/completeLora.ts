import type { Fault } from "../fault.js";
import type { LoraSettings } from "../models/adapter.js";
import { countCharacters, quote } from "../quote.js";
import { type CheckNumber, counted } from "./numberRule.js";

/** Settings of a low-rank adapter as a caller wrote them. */
export type LoraDraft = Partial<LoraSettings>;

const defaults = { rank: 8, alpha: 16, dropout: 0 };
const mostTargets = 64;
const longestTarget = 200;

/**
 * Fills in the defaults and checks what can be checked without the model.
 * @returns no targets: those that `peft` takes for the model's family
 */
export function completeLora(draft: LoraDraft, check: CheckNumber, faults: Fault[]): LoraSettings {
  const { targets = [] } = draft;
  const field = "training_job.lora.targets";
  if (targets.length > mostTargets)
    faults.push({ field, reason: "TOO_MANY", description: `there are ${targets.length} targets; allowed: at most ${mostTargets}` });
  for (const [index, target] of targets.slice(0, mostTargets).entries())
    if (target.trim() === "" || countCharacters(target) > longestTarget)
      faults.push({
        field: `${field}[${index}]`,
        reason: "INVALID_NAME",
        description: `${quote(target)} is no name; allowed: the end of a layer's name, of at most ${longestTarget} characters`,
      });
  return {
    rank: check("lora.rank", draft.rank, counted(1, 4096), defaults.rank),
    alpha: check("lora.alpha", draft.alpha, { above: 0, atMost: 1e6 }, defaults.alpha),
    dropout: check("lora.dropout", draft.dropout, { atLeast: 0, below: 1 }, defaults.dropout),
    targets: [...targets],
    rslora: draft.rslora ?? false,
  };
}
