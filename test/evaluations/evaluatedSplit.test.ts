import { randomUUID } from "node:crypto";
import { StepwireError } from "@stepwire/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chosenSplits } from "#core/datasets/evaluationRows.js";
import type { DatasetSelection, TrainingJobRecord } from "#core/jobs/trainingJob.js";
import { startTestServices, type TestServices } from "../datasets/testServices.js";
import { startTestBroker, type TestBroker } from "../platform/testBroker.js";
import { sampleDataset } from "../studies/sampleDataset.js";

let broker: TestBroker;
let services: TestServices;
beforeAll(async () => {
  broker = await startTestBroker();
  services = await startTestServices(broker);
});
afterAll(async () => {
  await services.close();
  await broker.remove();
});

/** The split of the evaluation that is made of a job that chose its splits so, or the reasons of its refusal. */
async function evaluated(split: string, chosen: Partial<DatasetSelection>, names: readonly string[]): Promise<string> {
  const id = `job-${randomUUID()}`;
  await services.datasets.create("default", sampleDataset(id, Object.fromEntries(names.map((name) => [name, [5, 5]]))));
  const spec = { dataset: { id, splitSeed: 0, ...chosenSplits(chosen, names) } };
  const createTime = new Date().toISOString();
  await services.jobs.create("default", { id, uid: id, tenant: "default", state: "SUCCEEDED", createTime, spec } as TrainingJobRecord);
  try {
    return (await services.stepwire.evaluations.create({ trainingJob: id, ...(split !== "" && { split }) }, { validateOnly: true })).split;
  } catch (error) {
    const { code, violations } = StepwireError.from(error);
    if (code !== "INVALID_ARGUMENT") throw error;
    return violations.map(({ reason }) => reason).join(", ");
  }
}

const both = ["train", "dev", "validation"];

describe("an evaluation", () => {
  it("is of the split that it names, and of what the job validated on when it names none", async () => {
    expect(await evaluated("", { validationSplit: "dev" }, both)).toBe("dev");
    expect(await evaluated("validation", { validationSplit: "dev" }, both)).toBe("validation");
    expect(await evaluated("dev", {}, both)).toBe("dev");
    expect(await evaluated("", {}, both)).toBe("validation");
    expect(await evaluated("validation", {}, ["train"])).toBe("validation");
  });

  it("is refused where the name may mean two things or nothing, or what was trained on", async () => {
    expect(await evaluated("validation", { validationFraction: 0.1 }, both)).toBe("AMBIGUOUS");
    expect(await evaluated("validation", { validationSplit: "dev" }, ["train", "dev"])).toBe("NOT_FOUND");
    expect(await evaluated("train", {}, both)).toBe("TRAINED_ON");
  });
});
