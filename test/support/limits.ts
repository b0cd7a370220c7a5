/** How long a test may take, in milliseconds: tests wait for events, and only what hangs reaches this, however slow the machine is. */
export const testMs = 300_000;

/** How long a test waits for one event or one call: less, so that what was waited for is named. */
export const waitMs = 240_000;
