import type { FieldViolation } from "@stepwire/proto";
import { addressViolations } from "../options.js";

/** Options that every command takes. */
export interface GlobalOptions {
  trainerAddress?: string;
  evaluatorAddress?: string;
}

const flags: Readonly<Record<string, string>> = { trainerAddress: "--trainer-address", evaluatorAddress: "--evaluator-address" };

/** What is wrong with the addresses; the field is the flag or the environment variable that says it. */
export function globalViolations({ trainerAddress, evaluatorAddress }: GlobalOptions): FieldViolation[] {
  return addressViolations({ trainerAddress, evaluatorAddress }).map((fault) => ({ ...fault, field: flags[fault.field] ?? fault.field }));
}
