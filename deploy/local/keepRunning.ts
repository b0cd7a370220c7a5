import { setTimeout as sleep } from "node:timers/promises";

const firstPauseMs = 500;
const longestPauseMs = 30_000;
/** What ran for this long had started well: the next pause is short again. */
const steadyMs = 60_000;

/**
 * Starts something again whenever it ends, with pauses that grow from half a second to half a minute, until the signal is aborted.
 * @param first resolves with how the running one ended
 * @param again starts the next one; resolves with how that ended
 */
export async function keepRunning(
  name: string,
  first: Promise<string>,
  again: () => Promise<string>,
  { signal, notice }: { signal: AbortSignal; notice: (text: string) => void },
): Promise<void> {
  let pause = firstPauseMs;
  for (let ended = first; ; ended = again()) {
    const started = Date.now();
    const how = await ended.catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    if (signal.aborted) return;
    if (Date.now() - started > steadyMs) pause = firstPauseMs;
    notice(`the ${name} ended (${how}); starting it again in ${pause / 1000} s`);
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    pause = Math.min(2 * pause, longestPauseMs);
  }
}
