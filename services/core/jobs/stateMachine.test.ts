import { describe, expect, it } from "vitest";
import { canMove, isTerminal } from "./stateMachine.js";
import { type TrainingJobState, trainingJobStates } from "./trainingJob.js";

const ended = new Set<TrainingJobState>(["SUCCEEDED", "FAILED", "CANCELLED"]);
const reachable = (start: TrainingJobState): Set<TrainingJobState> => {
  const found = new Set([start]);
  for (const from of found) for (const to of trainingJobStates) if (canMove(from, to)) found.add(to);
  return found;
};

describe("the states of a training job", () => {
  it.each([
    ["QUEUED", "VALIDATING"],
    ["VALIDATING", "RUNNING"],
    ["RUNNING", "SUCCEEDED"],
    ["RUNNING", "FAILED"],
    ["RUNNING", "PAUSING"],
    ["PAUSING", "PAUSED"],
    ["PAUSED", "QUEUED"],
    ["RUNNING", "QUEUED"],
    ["CANCELLING", "CANCELLED"],
  ] as const)("may go from %s to %s", (from, to) => expect(canMove(from, to)).toBe(true));

  it.each(["QUEUED", "VALIDATING", "RUNNING", "PAUSING", "PAUSED"] as const)("may be cancelled from %s", (from) =>
    expect(canMove(from, "CANCELLING")).toBe(true),
  );

  it.each([
    ["QUEUED", "RUNNING"],
    ["QUEUED", "PAUSING"],
    ["QUEUED", "SUCCEEDED"],
    ["PAUSED", "RUNNING"],
    ["CANCELLING", "RUNNING"],
    ["CANCELLING", "SUCCEEDED"],
    ["RUNNING", "CANCELLED"],
    ["RUNNING", "RUNNING"],
  ] as const)("may not go from %s to %s", (from, to) => expect(canMove(from, to)).toBe(false));

  it("end in exactly SUCCEEDED, FAILED and CANCELLED, and stay there", () => {
    for (const state of trainingJobStates) {
      expect(isTerminal(state)).toBe(ended.has(state));
      if (ended.has(state)) expect(reachable(state)).toEqual(new Set([state]));
    }
  });

  it("are all reached from QUEUED, and none is a dead end", () => {
    expect(reachable("QUEUED")).toEqual(new Set(trainingJobStates));
    for (const state of trainingJobStates) expect([...reachable(state)].some((next) => ended.has(next))).toBe(true);
  });
});
