import type { StepwireError } from "../stepwireError.js";

const badInput: readonly StepwireError["code"][] = ["INVALID_ARGUMENT", "NOT_FOUND", "ALREADY_EXISTS", "OUT_OF_RANGE"];

/** 2 for bad input, 1 for everything else that went wrong. */
export function exitCodeOf(error: StepwireError): number {
  return badInput.includes(error.code) ? 2 : 1;
}
