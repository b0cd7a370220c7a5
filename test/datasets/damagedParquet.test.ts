import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { StepwireError } from "@stepwire/client";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestBroker, type TestBroker } from "../platform/testBroker.js";
import { startTestServices, type TestServices } from "./testServices.js";

let broker: TestBroker;
let services: TestServices;
beforeAll(async () => {
  broker = await startTestBroker();
  services = await startTestServices(broker, { stallMs: 3000, heapMegabytes: 96 });
});
afterAll(async () => {
  await services.close();
  await broker.remove();
});

const folder = join(import.meta.dirname, "../../services/core/datasets/testdata");
const whole = readdirSync(folder)
  .filter((name) => name.endsWith(".parquet"))
  .map((name) => readFileSync(join(folder, name)));
const change = fc.tuple(fc.integer({ min: 4, max: 4000 }), fc.integer({ min: 0, max: 255 }));
const damaged = fc.tuple(fc.constantFrom(...whole), fc.array(change, { minLength: 1, maxLength: 5 })).map(([bytes, changes]) => {
  const content = Buffer.from(bytes);
  for (const [position, value] of changes) content[position % content.length] = value;
  return content;
});

it("Parquet with damaged bytes is imported or refused with a clear error, and the server goes on", async () => {
  const columns = { text: "text", label: "label" };
  const clear = /^(?:INVALID_ARGUMENT [A-Z0-9_]+|RESOURCE_EXHAUSTED (?:IMPORT_STALLED|IMPORT_TOO_LARGE))$/;
  await fc.assert(
    fc.asyncProperty(damaged, async (content) => {
      const error = await services.stepwire.datasets.import({ columns, files: [{ split: "train", content, format: "PARQUET" }] }).then(
        () => undefined,
        (reason: unknown) => StepwireError.from(reason),
      );
      if (error) expect(`${error.code} ${error.reason}`).toMatch(clear);
    }),
    { numRuns: 40, endOnFailure: true },
  );
  const content = "text,label\none,0\ntwo,1\n";
  await services.stepwire.datasets.import({ columns, files: [{ split: "train", content, format: "CSV" }] });
  expect((await services.left()).filter((path) => path.startsWith(".uploads"))).toEqual([]);
});

it("Parquet that its decoder never finishes is given up", async () => {
  const columns = { text: "text", label: "label" };
  const files = [{ split: "train", path: join(import.meta.dirname, "testdata/endless.parquet") }];
  await expect(services.stepwire.datasets.import({ columns, files })).rejects.toMatchObject({
    code: "RESOURCE_EXHAUSTED",
    reason: "IMPORT_STALLED",
    message: expect.stringContaining("made no progress for 3 seconds") as string,
  });
});
