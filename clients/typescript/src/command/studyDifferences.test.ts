import { describe, expect, it } from "vitest";
import { readMessage } from "../mapping/readMessage.js";
import { studyDifferences } from "./studyDifferences.js";

const study = (change: object = {}) =>
  readMessage("stepwire.v1.Study", {
    ...{ id: "s", uid: "u", state: "STUDY_STATE_QUEUED", title: "A study", job: { model: "m" }, seeds: [1, 2], margin: 0.01 },
    arms: [{ name: "a", optimizer: { name: "sgd" } }],
    ...change,
  });

describe("studies that were declared", () => {
  it("alike have no differences, whatever has become of them", () => {
    expect(studyDifferences(study(), study({ uid: "v", state: "STUDY_STATE_SUCCEEDED", attempt: 3 }))).toEqual([]);
  });

  it("differently have the declaration's names of what differs", () => {
    expect(studyDifferences(study(), study({ margin: 0.02, test_split: "test", arms: [{ name: "b" }], job: { model: "n" } }))).toEqual([
      "job",
      "arms",
      "test_split",
      "margin",
    ]);
  });
});
