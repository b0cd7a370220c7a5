import { setImmediate } from "node:timers/promises";

/** Asked between two pieces of work, where the event loop has just turned; by asking, the work also says that it advances. */
export type ShouldStop = () => boolean;

/** Ends work that was asked to stop. Whoever started it catches it. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
}

/** Lets the event loop turn, so that a request to stop can arrive. @throws Cancelled when one has */
export async function turn(shouldStop: ShouldStop): Promise<void> {
  await setImmediate();
  if (shouldStop()) throw new Cancelled("the work was asked to stop");
}

/** For many small pieces of work: a `turn` whenever the last is this many milliseconds ago. */
export function paced(shouldStop: ShouldStop, everyMs = 50): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < everyMs) return undefined;
    return turn(shouldStop).then(() => {
      last = performance.now();
    });
  };
}
