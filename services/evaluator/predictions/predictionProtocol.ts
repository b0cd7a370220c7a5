import type { Fault } from "#core/fault.js";
import type { RunnerMessage } from "#platform/runnerProcess.js";

/** Where questions for predictions go. */
export function predictionSubject(tenant: string): string {
  return `stepwire.v1.${tenant}.predict`;
}

/** A text, or a pair. */
export interface PredictionExample {
  text: string;
  textPair?: string;
}

/** What the service asks of a worker. */
export interface PredictionQuestion {
  trainingJob: string;
  trainingJobUid: string;
  examples: PredictionExample[];
  /** How long the caller still waits. */
  patienceMs: number;
}

/** What a worker answers: rows in the order of the examples. */
export interface PredictionAnswer {
  /** Float64 logits, little-endian, as base64: every digit, in a third of what JSON would take. */
  logits: string;
  /** Numbers in one row: classes, or 1 for a number. */
  width: number;
  tokens: number[];
  truncated: boolean[];
}

/** What a kept runner is started with. */
export interface PredictorInput {
  checkpointFolder: string;
  maxLength: number;
}

/** What it is asked. */
export interface PredictorRequest {
  id: number;
  examples: PredictionExample[];
}

/** What it says. */
export type PredictorMessage = RunnerMessage &
  (
    | { type: "ready" }
    | { type: "answer"; id: number; answer: PredictionAnswer }
    | { type: "refused"; id?: number; error: { code: string; message: string } }
    /** The texts cannot be used; the model can. */
    | { type: "at fault"; id: number; faults: readonly Fault[] }
  );
