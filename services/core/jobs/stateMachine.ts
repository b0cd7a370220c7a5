import type { TrainingJobState } from "./trainingJob.js";

/** Whether a job may go from one state to another. Staying in a state is not a move. */
export function canMove(from: TrainingJobState, to: TrainingJobState): boolean {
  return moves[from].includes(to);
}

/** Whether a job in this state has ended: it moves no more. */
export function isTerminal(state: TrainingJobState): boolean {
  return moves[state].length === 0;
}

const moves: Record<TrainingJobState, readonly TrainingJobState[]> = {
  // FAILED: the attempts are used up while the job waits for another worker.
  QUEUED: ["VALIDATING", "CANCELLING", "FAILED"],
  // QUEUED: the worker was lost.
  VALIDATING: ["RUNNING", "FAILED", "CANCELLING", "QUEUED"],
  // QUEUED: the worker was lost, or is draining.
  RUNNING: ["SUCCEEDED", "FAILED", "PAUSING", "CANCELLING", "QUEUED"],
  // A job may end by its last step or by an error before the pause takes effect.
  PAUSING: ["PAUSED", "SUCCEEDED", "FAILED", "CANCELLING"],
  PAUSED: ["QUEUED", "CANCELLING"],
  CANCELLING: ["CANCELLED"],
  SUCCEEDED: [],
  FAILED: [],
  CANCELLED: [],
};
