/** What a runner and its supervisor tell each other: plain data with a `type`. NaN, infinities and typed arrays survive. */
export interface RunnerMessage {
  type: string;
  [key: string]: unknown;
}

/** Says that the work advances, and nothing else. */
export const beat = { type: "beat" } as const;
