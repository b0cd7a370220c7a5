/**
 * The items of an iterable until a signal is aborted: also while an item is waited for, which then is waited for no longer. The source is told that
 * nothing more is wanted, and what it makes of that is not waited for either.
 */
export function untilAborted<Item>(items: Iterable<Item> | AsyncIterable<Item>, signal: AbortSignal): AsyncIterable<Item> {
  return { [Symbol.asyncIterator]: () => iterate(items, signal) };
}

function iterate<Item>(items: Iterable<Item> | AsyncIterable<Item>, signal: AbortSignal): AsyncIterator<Item> {
  const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const end: IteratorResult<Item> = { done: true, value: undefined };
  // One listener for all items: a race with the signal for each of millions would keep a reaction of each.
  let wake: (() => void) | undefined;
  let isOver = false;
  const leave = (): void => {
    if (isOver) return;
    isOver = true;
    signal.removeEventListener("abort", leave);
    // A source that throws when it is left has nobody left to tell.
    void (async () => await source.return?.())().catch(() => undefined);
    wake?.();
  };
  signal.addEventListener("abort", leave, { once: true });
  if (signal.aborted) leave();
  return {
    next: () =>
      isOver
        ? Promise.resolve(end)
        : new Promise((resolve, reject) => {
            wake = () => resolve(end);
            (async () => await source.next())().then(
              (result) => {
                if (result.done) signal.removeEventListener("abort", leave);
                resolve(isOver ? end : result);
              },
              (error: unknown) => {
                signal.removeEventListener("abort", leave);
                reject(error);
              },
            );
          }),
    return: async () => {
      leave();
      return end;
    },
  };
}
