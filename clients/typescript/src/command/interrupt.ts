/** Ctrl-C, or a request to end: the first asks the running command to end in order, the second ends the process at once. */
export interface Interrupt {
  /** Aborted by the first. */
  signal: AbortSignal;
  /** 130 after SIGINT, 143 after SIGTERM, `undefined` when nothing came. */
  exitCode(): number | undefined;
}

let current: Interrupt | undefined;

/** Listens from the first call on. */
export function interrupt(): Interrupt {
  if (current) return current;
  const controller = new AbortController();
  let code: number | undefined;
  const handle = (exitCode: number) => (): void => {
    if (code !== undefined) process.exit(code);
    code = exitCode;
    controller.abort();
  };
  process.on("SIGINT", handle(130));
  process.on("SIGTERM", handle(143));
  current = { signal: controller.signal, exitCode: () => code };
  return current;
}
