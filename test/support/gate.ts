/** Something that a test lets happen when it wants it to. */
export interface Gate {
  /** Settles once the gate is open. */
  opened: Promise<void>;
  open(): void;
}

export function gate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}
