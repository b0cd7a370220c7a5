import { type Fault, FaultError } from "#core/fault.js";

/** Encodes texts one after another and tells what is wrong with all of them at once. */
export interface TextFaults {
  /** @returns what the work made, or `undefined` when the text is at fault; whatever else is wrong it throws */
  encode<T>(work: () => T): T | undefined;
  /** @throws FaultError when a text was at fault */
  refuse(): void;
}

/** Texts at fault that are told one by one; behind them nobody reads on. */
const maxFaults = 20;

export function collectTextFaults(): TextFaults {
  const faults: Fault[] = [];
  const refuse = () => {
    if (faults.length > 0) throw new FaultError(faults);
  };
  return {
    encode(work) {
      try {
        return work();
      } catch (error) {
        if (!(error instanceof FaultError) || error.faults.some(({ reason }) => reason !== "NO_TOKEN")) throw error;
        faults.push(...error.faults);
        if (faults.length >= maxFaults) refuse();
        return undefined;
      }
    },
    refuse,
  };
}
