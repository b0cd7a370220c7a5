/** The values of one step of one attempt. NaN and infinities are first-class values. */
export interface MetricPoint {
  uid: string;
  job: string;
  attempt: number;
  /** From 1. */
  step: number;
  totalSteps: number;
  epoch: number;
  /** ISO 8601 in UTC. */
  time: string;
  kind: "TRAIN" | "EVALUATION";
  /** Mean over the step's examples before the update; over the split for evaluations. */
  loss?: number;
  learningRate?: number;
  /** Global L2 norm before clipping. */
  gradNorm?: number;
  updateNorm?: number;
  paramNorm?: number;
  examples: number;
  tokens: number;
  tokensPerSecond?: number;
  stepSeconds?: number;
  accuracy?: number;
  optimizerScalars: Record<string, number>;
}
