import { orAborted } from "./abort.js";

/** Lets a few works run at once; the others wait for their turn. */
export interface Slots {
  /** Runs `work` when it is its turn. Rejects with the signal's reason when that is aborted while it waits. @throws what `full` makes */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

/** @param options.waiting how many may wait: for one more, `full` makes the error */
export function createSlots(options: { atOnce: number; waiting: number; full: () => Error }): Slots {
  let running = 0;
  const turns: (() => void)[] = [];
  const leave = () => {
    running--;
    turns.shift()?.();
  };
  const enter = async (signal: AbortSignal) => {
    signal.throwIfAborted();
    if (running >= options.atOnce) {
      if (turns.length >= options.waiting) throw options.full();
      let turn = (): void => undefined;
      const come = new Promise<void>((resolve) => {
        // The place is taken when the turn comes: nobody who asks meanwhile can take it.
        turn = () => {
          running++;
          resolve();
        };
      });
      turns.push(turn);
      try {
        return await orAborted(come, signal);
      } catch (error) {
        const index = turns.indexOf(turn);
        if (index === -1) leave();
        else turns.splice(index, 1);
        throw error;
      }
    }
    running++;
  };
  return {
    run: async (signal, work) => {
      await enter(signal);
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
