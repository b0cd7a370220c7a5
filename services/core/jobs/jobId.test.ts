import { describe, expect, it } from "vitest";
import { isResourceId, resourceIdFault } from "./jobId.js";

describe("isResourceId", () => {
  it.each(["a", "a1", "my-job", `a${"b".repeat(62)}`, "con", "a--b"])("takes %j", (id) => expect(isResourceId(id)).toBe(true));
  it.each(["", "1a", "-a", "a-", "A", "a_b", "a.b", "a*", "a b", "ä", "a\n", "../a", `a${"b".repeat(63)}`])("refuses %j", (id) =>
    expect(isResourceId(id)).toBe(false),
  );
});

describe("resourceIdFault", () => {
  it("quotes the id and says what is allowed", () => {
    expect(resourceIdFault("My job", "training_job_id")).toEqual({
      field: "training_job_id",
      reason: "INVALID_ID",
      description: '"My job" is not an id; allowed: 1 to 63 of a-z, 0-9 and "-", beginning with a letter and not ending with "-"',
    });
  });

  it("finds nothing wrong with an id", () => expect(resourceIdFault("my-job", "training_job_id")).toBeUndefined());
});
