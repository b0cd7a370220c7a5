/** A queue between who has news and one who reads it. */
export interface Mailbox<T> {
  put(item: T): void;
  /** Ends, without an error, when `signal` is aborted. */
  take(signal: AbortSignal): AsyncGenerator<T>;
}

/** @param limit the oldest items beyond it are dropped, so that a slow reader costs bounded memory and still sees the latest. */
export function createMailbox<T>(limit: number): Mailbox<T> {
  const items: T[] = [];
  let wake = (): void => undefined;
  return {
    put: (item) => {
      items.push(item);
      if (items.length > limit) items.shift();
      wake();
    },
    take: async function* (signal) {
      const onAbort = () => wake();
      signal.addEventListener("abort", onAbort);
      try {
        while (!signal.aborted) {
          const [item] = items.splice(0, 1).map((value) => ({ value }));
          if (item) yield item.value;
          else
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
        }
      } finally {
        signal.removeEventListener("abort", onAbort);
      }
    },
  };
}
