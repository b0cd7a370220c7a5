import { mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { StepwireError } from "@stepwire/client";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ImportLimits } from "#trainer/datasets/importDataset.js";
import { startTestBroker, type TestBroker } from "../platform/testBroker.js";
import { costOfTurns, processorMs } from "../support/cpuTime.js";
import { childProcesses, onlyOne } from "../support/stackProcesses.js";
import { type TestServices, chunk, csvFile, header, openImport, startTestServices } from "./testServices.js";

let broker: TestBroker;
let server: TestServices | undefined;
const start = async (limits: Partial<ImportLimits> = {}) => (server = await startTestServices(broker, limits));
beforeAll(async () => {
  broker = await startTestBroker();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});
afterAll(() => broker.remove());

const columns = { text: "text", label: "label" };
const small = "text,label\none,0\ntwo,1\n";
const importText = ({ stepwire }: TestServices, content: string, id?: string) =>
  stepwire.datasets.import({ ...(id !== undefined && { id }), columns, files: [{ split: "train", content, format: "CSV" }] });

async function failure(promise: Promise<unknown>): Promise<StepwireError> {
  const reason = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(reason).toBeInstanceOf(StepwireError);
  return reason as StepwireError;
}

/** Rows that differ, about 60 bytes each. */
const table = (rows: number) =>
  `text,label\n${Array.from({ length: rows }, (_, row) => `"a sentence, of which there are many, number ${row}",${row % 2}`).join("\n")}`;

/** A file that is read without end. */
const endless = join(import.meta.dirname, "testdata/endless.parquet");

/** The processes that check an upload of this one. */
const checking = () => childProcesses("importer/main.js");

async function nothingIsLeft(of: TestServices): Promise<void> {
  await expect.poll(() => of.left()).toEqual([]);
  expect(of.datasets.find(() => true)).toEqual([]);
  await expect.poll(checking).toEqual([]);
}

describe("an import", () => {
  it("stores canonical rows and what is known of them, and leaves nothing else", async () => {
    const catalog = await start();
    const dataset = await importText(catalog, 'text,label\n"good, very",yes\nbad,no\nGOOD,yes\ngood,yes\n');
    expect(dataset).toMatchObject({
      classes: ["no", "yes"],
      splits: [
        {
          name: "train",
          rows: 4,
          duplicates: 0,
          classCounts: [
            { label: "no", rows: 1 },
            { label: "yes", rows: 3 },
          ],
          tokenLengths: [{ atMost: 8, rows: 4 }],
        },
      ],
    });
    const folder = `default/datasets/${dataset.uid}`;
    expect((await catalog.left()).toSorted()).toEqual([folder, `${folder}/train.groups`, `${folder}/train.jsonl`]);
    expect(await readFile(join(catalog.dataFolder, folder, "train.jsonl"), "utf8")).toBe(
      '{"text":"good, very","label":1}\n{"text":"bad","label":0}\n{"text":"GOOD","label":1}\n{"text":"good","label":1}\n',
    );
    const groups = await readFile(join(catalog.dataFolder, folder, "train.groups"));
    expect([...new Uint32Array(Uint8Array.from(groups).buffer)]).toEqual([0, 1, 2, 2, 1, 0, 1, 1]);
  });

  it("of the same content is the same data set; of other content under its id there is none", async () => {
    const catalog = await start();
    const [first, second] = await Promise.all([importText(catalog, small, "twice"), importText(catalog, small, "twice")]);
    expect(second).toEqual(first);
    expect((await importText(catalog, small)).id).toMatch(/^dataset-[0-9a-f]{16}$/);
    expect(await failure(importText(catalog, small.replace("one", "three"), "twice"))).toMatchObject({ code: "ALREADY_EXISTS" });
    expect((await catalog.left()).filter((path) => !path.includes(".groups") && !path.includes(".jsonl"))).toHaveLength(2);
  });

  it("of a large file leaves the event loop free for other calls", async () => {
    const catalog = await start();
    const content = table(150_000);
    const { result: dataset, longest, usual } = await costOfTurns(() => importText(catalog, content));
    expect(dataset.splits[0]?.rows).toBe(150_000);
    // The client that sends 9 MB lives in this process too.
    expect(longest).toBeLessThan(25);
    expect(usual).toBeLessThan(10);
  });

  it("sweeps what a process left that died", async () => {
    const catalog = await start();
    const left = join(catalog.dataFolder, ".uploads", "left");
    await mkdir(left, { recursive: true });
    await writeFile(join(left, "upload-0"), "a");
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(left, longAgo, longAgo);
    await importText(catalog, small);
    expect((await catalog.left()).filter((path) => path.startsWith(".uploads"))).toEqual([]);
  });
});

describe("the messages of an upload", () => {
  it.each([
    ["a second header", [header, header], "header", "OUT_OF_ORDER"],
    ["a header after a file", [header, csvFile("train"), chunk(small), header], "header", "OUT_OF_ORDER"],
    ["a file before the header", [csvFile("train")], "header", "OUT_OF_ORDER"],
    ["a chunk before a file", [header, chunk(small)], "chunk", "OUT_OF_ORDER"],
    ["a message without a part", [header, {}], "part", "REQUIRED"],
    ["more files than a data set has splits", [header, ...Array.from({ length: 17 }, () => csvFile("train"))], "files", "TOO_MANY_FILES"],
  ])("are refused at once with %s", async (_what, messages, field, reason) => {
    const catalog = await start();
    const upload = openImport(catalog);
    for (const message of messages) void upload.send(message);
    const { error } = await upload.outcome;
    expect(StepwireError.from(error)).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(StepwireError.from(error).violations.at(-1)).toMatchObject({ field, reason });
    await nothingIsLeft(catalog);
  });

  it.each([
    ["nothing", [], ["header REQUIRED"]],
    ["a header and no file", [header], ["files REQUIRED"]],
    [
      "faults everywhere",
      [
        { header: { dataset_id: "No id", columns: { text: "", text_pair: "x", label: "x" } } },
        { file: { split: "Train", format: "DATASET_FORMAT_UNSPECIFIED" as const, filename: "" } },
        csvFile("test"),
        csvFile("test"),
      ],
      [
        "header.dataset_id INVALID_ID",
        "header.columns.text REQUIRED",
        "header.columns.label CONFLICT",
        "files[0].format UNKNOWN_VALUE",
        "files[0].split INVALID_NAME",
        "files[2].split DUPLICATE_SPLIT",
      ],
    ],
  ])("are refused at the end with %s, all faults at once", async (_what, messages, faults) => {
    const catalog = await start();
    const upload = openImport(catalog);
    for (const message of messages) await upload.send(message);
    upload.end();
    const { error } = await upload.outcome;
    expect(StepwireError.from(error).violations.map(({ field, reason }) => `${field} ${reason}`)).toEqual(faults);
    await nothingIsLeft(catalog);
  });

  it("may not be more bytes than the server takes", async () => {
    const catalog = await start({ uploadBytes: 1_000_000 });
    expect(await failure(importText(catalog, table(100_000)))).toMatchObject({ code: "INVALID_ARGUMENT", reason: "TOO_LARGE" });
    await nothingIsLeft(catalog);
  });

  it("are quoted cut and escaped, however long a name is", async () => {
    const catalog = await start();
    const upload = openImport(catalog);
    await upload.send(header);
    await upload.send({ file: { split: "train", format: "DATASET_FORMAT_CSV", filename: `\u001b[31m${"x".repeat(3_000_000)}` } });
    await upload.send(chunk("nothing,here\na,b\n"));
    upload.end();
    const error = StepwireError.from((await upload.outcome).error);
    expect(error.violations.map(({ field, reason }) => `${field} ${reason}`)).toEqual([
      "header.columns.text MISSING_COLUMN",
      "header.columns.label MISSING_COLUMN",
    ]);
    expect(error.violations[0]?.description).toMatch(
      /^"\\u001b\[31mx{75}…" \(3000005 characters\) has no column "text"; it has "nothing", "here"/,
    );
  });
});

describe("an upload that is cancelled", () => {
  it("in its middle leaves nothing", async () => {
    const catalog = await start();
    const upload = openImport(catalog);
    await upload.send(header);
    await upload.send(csvFile("train"));
    await upload.send(chunk(small));
    await expect.poll(() => catalog.left()).not.toEqual([]);
    upload.cancel();
    expect((await upload.outcome).error?.code).toBe(status.CANCELLED);
    await nothingIsLeft(catalog);
  });

  /** The process that checks, which is at its work for ever. */
  const theChecking = () => onlyOne(checking);
  const middleOfCheck = async () => {
    const pid = await theChecking();
    // More than its start takes.
    await expect.poll(() => processorMs(pid)).toBeGreaterThan(1000);
  };
  const nothing = () => Promise.resolve();

  it.each([
    ["before its end", false, nothing],
    ["at its end", true, nothing],
    ["while the process starts that checks it", true, theChecking],
    ["in the middle of its check", true, middleOfCheck],
  ] as const)("%s leaves nothing, and no process", async (_when, ends, until) => {
    const catalog = await start();
    const upload = openImport(catalog);
    await upload.send(header);
    await upload.send({ file: { split: "train", format: "DATASET_FORMAT_PARQUET", filename: "train.parquet" } });
    await upload.send({ chunk: await readFile(endless) });
    if (ends) upload.end();
    await until();
    upload.cancel();
    expect((await upload.outcome).error?.code).toBe(status.CANCELLED);
    await nothingIsLeft(catalog);
  });
});

describe("an import that takes too much", () => {
  it("of the heap is refused with a clear error, and the server goes on", async () => {
    const catalog = await start({ heapMegabytes: 12 });
    expect(await failure(importText(catalog, table(60_000)))).toMatchObject({
      code: "RESOURCE_EXHAUSTED",
      reason: "IMPORT_TOO_LARGE",
      message: expect.stringContaining("takes more memory than this server gives an import") as string,
    });
    await nothingIsLeft(catalog);
  });

  it("of the memory outside the heap too", async () => {
    const catalog = await start({ memoryMegabytes: 30 });
    expect(await failure(importText(catalog, table(60_000)))).toMatchObject({ code: "RESOURCE_EXHAUSTED", reason: "IMPORT_TOO_LARGE" });
    await nothingIsLeft(catalog);
  });

  it("of time, without progress, too", async () => {
    const catalog = await start({ stallMs: 200 });
    const files = [{ split: "train", path: endless }];
    const failed = await failure(catalog.stepwire.datasets.import({ columns, files }));
    expect(failed).toMatchObject({ code: "RESOURCE_EXHAUSTED", reason: "IMPORT_STALLED" });
    await nothingIsLeft(catalog);
  });

  it("waits for its turn, and is refused when too many wait", async () => {
    const catalog = await start({ waiting: 1 });
    const first = openImport(catalog);
    await first.send(header);
    await expect.poll(() => catalog.left()).toHaveLength(1);
    await importText(catalog, small.replace("one", "three"));
    const blocked = openImport(catalog);
    await blocked.send(header);
    await expect.poll(async () => (await catalog.left()).filter((path) => path.startsWith(".uploads"))).toHaveLength(2);
    expect(await failure(importText(catalog, small))).toMatchObject({
      code: "RESOURCE_EXHAUSTED",
      reason: "TOO_MANY_IMPORTS",
      message: expect.stringContaining("2 imports are under way") as string,
    });
    blocked.cancel();
    await first.send(csvFile("train"));
    await first.send(chunk(small));
    first.end();
    expect((await first.outcome).dataset?.splits).toMatchObject([{ rows: 2 }]);
  });

  it("is ended when the server shuts down, and leaves nothing", async () => {
    const catalog = await start();
    const idle = openImport(catalog);
    await idle.send(header);
    const upload = openImport(catalog);
    await upload.send(header);
    await upload.send(csvFile("train"));
    await upload.send(chunk(table(60_000)));
    upload.end();
    await expect.poll(checking).toHaveLength(1);
    await catalog.importer.close();
    expect(await catalog.left()).toEqual([]);
    for (const { error } of await Promise.all([idle.outcome, upload.outcome])) expect(error?.code).toBe(status.UNAVAILABLE);
    await nothingIsLeft(catalog);
  });
});
