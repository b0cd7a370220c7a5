import { type RunnerExit, type RunnerOptions, startRunner } from "./runnerProcess.js";

/** What a runner is supervised with. */
export interface SupervisionOptions extends RunnerOptions {
  /** Aborted to ask the runner to stop; what has not stopped `stopMs` later is killed. */
  stop: AbortSignal;
  stopMs: number;
  /** Aborted to kill it at once. */
  kill: AbortSignal;
}

/** Runs a runner to its end. Settles once the process is gone and its messages were handed over. @throws Error when it cannot be started. */
export async function superviseRunner(options: SupervisionOptions): Promise<RunnerExit> {
  const runner = startRunner(options);
  let killing: NodeJS.Timeout | undefined;
  const stop = () => {
    runner.stop();
    killing ??= setTimeout(runner.kill, options.stopMs);
  };
  const listeners = [
    [options.stop, stop],
    [options.kill, runner.kill],
  ] as const;
  for (const [signal, react] of listeners) {
    if (signal.aborted) react();
    else signal.addEventListener("abort", react, { once: true });
  }
  try {
    return await runner.exited;
  } finally {
    clearTimeout(killing);
    for (const [signal, react] of listeners) signal.removeEventListener("abort", react);
  }
}
