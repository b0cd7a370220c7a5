import type { Fault } from "../fault.js";
import { adapterFactor, type LoraSettings, targetFault } from "../models/adapter.js";
import { asFloat32 } from "../optimizers/hyperparameter.js";
import { type CheckNumber, counted } from "./numberRule.js";

/** Settings of a low-rank adapter as a caller wrote them. */
export type LoraDraft = Partial<LoraSettings>;

const defaults = { rank: 8, alpha: 16, dropout: 0 };
const mostTargets = 64;

/**
 * Fills in the defaults and checks what can be checked without the model.
 * @returns no targets: those that `peft` takes for the model's family
 */
export function completeLora(draft: LoraDraft, check: CheckNumber, faults: Fault[]): LoraSettings {
  const { targets = [] } = draft;
  const field = "training_job.lora.targets";
  if (targets.length > mostTargets)
    faults.push({ field, reason: "TOO_MANY", description: `there are ${targets.length} targets; allowed: at most ${mostTargets}` });
  faults.push(...targets.slice(0, mostTargets).flatMap((_, index) => targetFault(targets, index, field) ?? []));
  const { length: before } = faults;
  const settings = {
    rank: check("lora.rank", draft.rank, counted(1, 4096), defaults.rank),
    alpha: check("lora.alpha", draft.alpha, { above: 0, atMost: 1e6 }, defaults.alpha),
    dropout: check("lora.dropout", draft.dropout, { atLeast: 0, below: 1 }, defaults.dropout),
    targets: [...targets],
    rslora: draft.rslora ?? false,
  };
  if (faults.length === before && asFloat32(adapterFactor(settings)) === 0)
    faults.push({
      field: "training_job.lora.alpha",
      reason: "OUT_OF_RANGE",
      description: `${settings.alpha} is so little that the adapter is multiplied by 0 in float32; allowed: at least 1.2e-38 times the rank`,
    });
  return settings;
}
