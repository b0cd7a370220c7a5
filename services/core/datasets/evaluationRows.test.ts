import { describe, expect, it } from "vitest";
import type { DatasetSelection } from "../jobs/trainingJob.js";
import { chosenSplits, evaluatedSplitFault, evaluationRows, validatedOn } from "./evaluationRows.js";
import type { Example } from "./example.js";
import { selectRows } from "./selectRows.js";

const names = ["train", "dev", "validation", "test"];
const read = async (name: string): Promise<Example[]> =>
  Array.from({ length: 20 }, (_, index) => ({ text: `${name} ${index}`, label: index % 2 }));
const selection = (chosen: Partial<DatasetSelection>, splits = names): DatasetSelection => ({
  ...{ id: "d", splitSeed: 0 },
  ...chosenSplits(chosen, splits),
  ...(chosen.validationFraction !== undefined && { validationFraction: chosen.validationFraction }),
});
const rowsOf = async (split: string, chosen: Partial<DatasetSelection>) => {
  const rows = await evaluationRows(split, selection(chosen), 1, read);
  return new Set(rows.map(({ text }) => text.split(" ")[0]));
};

describe("the rows of an evaluation", () => {
  it("are those of the data set's own split called validation where the job validated on another", async () => {
    expect(await rowsOf("validation", { validationSplit: "dev" })).toEqual(new Set(["validation"]));
    expect(await rowsOf("dev", { validationSplit: "dev" })).toEqual(new Set(["dev"]));
    expect(evaluatedSplitFault("validation", selection({ validationSplit: "dev" }), names)).toBeUndefined();
  });

  it("are what the job validated on where that is called validation, or was cut from the training split", async () => {
    expect(await rowsOf("validation", {})).toEqual(new Set(["validation"]));
    const cut = selection({ validationFraction: 0.2 }, ["train", "test"]);
    expect(validatedOn(cut)).toBe("validation");
    expect(await evaluationRows("validation", cut, 1, read)).toEqual((await selectRows(cut, 1, read)).validation);
    expect(evaluatedSplitFault("validation", cut, ["train", "test"])).toBeUndefined();
  });

  it("are what the job validated on where no split is named", () => {
    expect(validatedOn(selection({ validationSplit: "dev" }))).toBe("dev");
    expect(validatedOn(selection({}))).toBe("validation");
  });

  it("are refused where nobody can tell which are meant, where they were trained on, and where there are none", () => {
    const cut = selection({ validationFraction: 0.2 });
    expect(evaluatedSplitFault("validation", cut, names)).toMatchObject({ reason: "AMBIGUOUS" });
    expect(evaluatedSplitFault("validation", cut, names)?.description).toMatch(/allowed: dev, test$/);
    expect(evaluatedSplitFault("train", cut, names)).toMatchObject({ reason: "TRAINED_ON" });
    expect(evaluatedSplitFault("validation", selection({ trainSplit: "validation" }), names)).toMatchObject({ reason: "TRAINED_ON" });
    const dev = selection({ validationSplit: "dev" }, ["train", "dev", "test"]);
    expect(evaluatedSplitFault("validation", dev, ["train", "dev", "test"])).toMatchObject({ reason: "NOT_FOUND" });
    expect(evaluatedSplitFault("validation", dev, ["train", "dev", "test"])?.description).toMatch(/allowed: dev, test$/);
  });
});
