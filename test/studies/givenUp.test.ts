import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { runStudy } from "#evaluator/studies/worker/runStudy.js";
import { openArtifactStore } from "#platform/artifactStore.js";
import { createLogger } from "#platform/logger.js";
import { startTestServices, type TestServices } from "../datasets/testServices.js";
import { startTestBroker, type TestBroker } from "../platform/testBroker.js";
import { sampleDataset } from "./sampleDataset.js";

let broker: TestBroker;
let services: TestServices;
beforeAll(async () => {
  broker = await startTestBroker();
});
beforeEach(async () => {
  services = await startTestServices(broker);
  await services.datasets.create("default", sampleDataset("reviews", { train: [40, 40], validation: [10, 10], test: [10, 10] }));
});
afterEach(() => services.close());
afterAll(() => broker.remove());

const job = { model: "all-MiniLM-L6-v2", dataset: { id: "reviews" }, maxSteps: 1, batchSize: 4 };

/** Works on a study one of whose arms no job can be made for, after so many failures; nobody works on the jobs themselves. */
async function workAfter(failures: number) {
  const { stepwire, studies, datasets, dataFolder } = services;
  const made = await stepwire.studies.create({
    ...{ title: "Two arms", job, seeds: [1, 2], tuning: { trials: 1 }, margin: 0.05, parallelism: 4 },
    arms: [
      { name: "fine", optimizer: { name: "sgd" } },
      { name: "broken", optimizer: { name: "adamw" } },
    ],
  });
  await studies.change("default", made.id, (now) => ({
    ...now,
    failures,
    declaration: {
      ...now.declaration,
      arms: now.declaration.arms.map((arm) => (arm.name === "broken" ? { ...arm, optimizer: { name: "gone" } } : arm)),
    },
  }));
  const own = made.runs.filter(({ arm }) => arm === "fine").map((run) => run.trainingJob);
  for (const id of own) await stepwire.jobs.create({ ...job, optimizer: { name: "sgd" } }, { id });
  const parts = {
    ...{ studies, datasets, stepwire, artifacts: openArtifactStore(dataFolder), logger: createLogger("test", "silent") },
    ...{ owner: "test", leaseSeconds: 30, stopSeconds: 5, stallSeconds: 60 },
  };
  await runStudy(parts, "default", made.id, made.uid, new AbortController().signal);
  const states = await Promise.all(own.map(async (id) => (await stepwire.jobs.get(id)).snapshot.state));
  return { study: await stepwire.studies.get(made.id), states };
}

it("a study that has failed for the last time ends its jobs", async () => {
  const { study, states } = await workAfter(4);
  expect(study).toMatchObject({ state: "FAILED", error: { code: "WORKER_ERROR" } });
  expect(states).toEqual(["CANCELLED", "CANCELLED"]);
});

it("a study that will be tried again keeps its jobs", async () => {
  const { study, states } = await workAfter(3);
  expect(study.state).toBe("QUEUED");
  expect(states).toEqual(["QUEUED", "QUEUED"]);
});
