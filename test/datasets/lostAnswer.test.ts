import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import { openArtifactStore } from "#platform/artifactStore.js";
import { openRecordStore } from "#platform/recordStore.js";
import { storeDataset } from "#trainer/datasets/storeDataset.js";
import { startNatsProxy } from "../platform/natsProxy.js";
import { startTestBroker, type TestBroker } from "../platform/testBroker.js";

let broker: TestBroker;
let folder: string;
beforeAll(async () => {
  broker = await startTestBroker();
  folder = await mkdtemp(join(tmpdir(), "stepwire-lost-"));
});
afterAll(async () => {
  await broker.remove();
  await rm(folder, { recursive: true, force: true });
});

it("a record whose write was not answered keeps its rows", async () => {
  const proxy = await startNatsProxy(broker.url);
  const near = await broker.connect(proxy.url);
  const datasets = await openRecordStore<DatasetRecord>(near, "lost-answers");
  const artifacts = openArtifactStore(join(folder, "data"));
  const rowsFile = join(folder, "rows");
  const groupsFile = join(folder, "groups");
  for (const file of [rowsFile, groupsFile]) await writeFile(file, "rows");
  const split = { name: "train", rows: 1, classCounts: [1], tokenLengths: [], digest: "d", duplicates: 0, rowsFile, groupsFile };
  const dataset = { classes: ["a"], splits: [split], digest: "digest", warnings: [] };
  const deaf = {
    ...datasets,
    create: (tenant: string, record: DatasetRecord) => {
      proxy.dropAnswers();
      return datasets.create(tenant, record);
    },
  };
  const request = {
    tenant: "default",
    id: "kept",
    columns: { text: "text", label: "label" },
    dataset,
    signal: new AbortController().signal,
  };
  await expect(storeDataset({ datasets: deaf, artifacts }, request)).rejects.toThrow(/timeout/i);

  const seen = await openRecordStore<DatasetRecord>(await broker.connect(), "lost-answers");
  const record = (await seen.get("default", "kept"))?.record ?? expect.fail("the record was written");
  await access(artifacts.path("default", "datasets", record.uid));
  proxy.cut();
  await datasets.close();
  await seen.close();
  await proxy.close();
});
