import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { status } from "@grpc/grpc-js";
import type { CatalogServiceHandlers, ImportDatasetRequest } from "@stepwire/proto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ContractServer, detailedError, startContractServer } from "../testing/contractServer.js";
import { failureOf } from "../testing/failureOf.js";

let server: ContractServer | undefined;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-datasets-"));
});
afterEach(async () => {
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

const columns = { text: "text", label: "label" };

async function serve(importDataset: CatalogServiceHandlers["ImportDataset"]) {
  server = await startContractServer({ catalog: { ImportDataset: importDataset } });
  return server.stepwire.datasets;
}

describe("datasets.import", () => {
  it("sends a header, then each file and its bytes in pieces of at most 256 KiB", async () => {
    const requests: ImportDatasetRequest[] = [];
    const datasets = await serve((call, callback) => {
      call.on("data", (request: ImportDatasetRequest) => requests.push(request));
      call.on("end", () => callback(null, { id: "d", splits: [{ name: "train", rows: 2 }] }));
    });
    const large = Buffer.alloc(700_000, "abcdefg\n");
    await writeFile(join(folder, "train.jsonl"), large);
    const progress: number[] = [];
    const dataset = await datasets.import(
      {
        id: "d",
        columns: { ...columns, textPair: "second" },
        files: [
          { split: "train", path: join(folder, "train.jsonl") },
          { split: "test", content: "text\tlabel\n", format: "TSV" },
        ],
      },
      { onProgress: ({ sentBytes }) => progress.push(sentBytes) },
    );
    expect(dataset).toMatchObject({ id: "d", splits: [{ name: "train", rows: 2 }] });
    expect(requests[0]?.header).toEqual({
      dataset_id: "d",
      columns: { text: "text", text_pair: "second", label: "label", target: "", prompt: "", completion: "" },
    });
    expect(requests[1]?.file).toEqual({ split: "train", format: "DATASET_FORMAT_JSONL", filename: "train.jsonl" });
    const chunks = requests.slice(2, 5).map(({ chunk }) => chunk ?? Buffer.alloc(0));
    expect(chunks.map(({ length }) => length)).toEqual([262_144, 262_144, 175_712]);
    expect(Buffer.concat(chunks).equals(large)).toBe(true);
    expect(requests[5]?.file).toMatchObject({ split: "test", format: "DATASET_FORMAT_TSV" });
    expect(requests[6]?.chunk?.toString()).toBe("text\tlabel\n");
    expect(progress.at(-1)).toBe(700_011);
  });

  it("sends no faster than the server takes", async () => {
    let read: (() => void) | undefined;
    const datasets = await serve((call, callback) => {
      read = () => void call.on("data", () => undefined).on("end", () => callback(null, { id: "d" }));
    });
    let sent = 0;
    const content = Buffer.alloc(32 * 2 ** 20, "x");
    const importing = datasets.import(
      { columns, files: [{ split: "train", content, format: "CSV" }] },
      { onProgress: ({ sentBytes }) => (sent = sentBytes) },
    );
    // Until nothing more is sent: not even when the loop that both ends share has had many turns.
    let sofar = -1;
    while (sofar !== sent || read === undefined) {
      sofar = sent;
      for (let turn = 0; turn < 1000; turn++) await setImmediate();
    }
    expect(sent).toBeLessThan(content.length / 2);
    read?.();
    await importing;
    expect(sent).toBe(content.length);
  });

  it("stops sending when the server has answered early", async () => {
    const datasets = await serve((_call, callback) =>
      callback(detailedError({ code: status.INVALID_ARGUMENT, message: "too large", reason: "TOO_LARGE", metadata: {}, violations: [] })),
    );
    const content = Buffer.alloc(64 * 2 ** 20, "x");
    const error = await failureOf(datasets.import({ columns, files: [{ split: "train", content, format: "CSV" }] }));
    expect(error).toMatchObject({ code: "INVALID_ARGUMENT", reason: "TOO_LARGE" });
  });

  it("refuses everything that is wrong at once, before anything is sent", async () => {
    let calls = 0;
    const datasets = await serve(() => void calls++);
    await writeFile(join(folder, "rows.txt"), "a");
    const files = [
      { split: "train", path: join(folder, "missing.csv") },
      { split: "test", path: join(folder, "rows.txt") },
      { split: "validation", path: "a.csv", content: "b" },
      { split: "validation", content: "b", format: "CSVV" as "CSV" },
    ];
    const error = await failureOf(datasets.import({ columns: { ...columns, texts: "x" } as typeof columns, files }));
    expect(Object.fromEntries(error.violations.map(({ field, description }) => [field, description]))).toEqual({
      "columns.texts": 'unknown field "texts"; did you mean "text"?',
      "files[0].path": `"${join(folder, "missing.csv")}" cannot be read: there is no such file`,
      "files[1].format": `"${join(folder, "rows.txt")}" has no extension that tells its format; allowed formats: CSV, TSV, JSONL, PARQUET`,
      "files[2]": "has both path and content; give one of them",
      "files[2].path": '"a.csv" cannot be read: there is no such file',
      "files[3].format": '"CSVV" is not one of CSV, TSV, JSONL, PARQUET; did you mean "CSV"?',
    });
    expect(calls).toBe(0);
  });

  it("ends with CANCELLED when its signal is aborted", async () => {
    const datasets = await serve(() => undefined);
    const content = Buffer.alloc(8 * 2 ** 20, "x");
    const importing = datasets.import(
      { columns, files: [{ split: "train", content, format: "CSV" }] },
      { signal: AbortSignal.timeout(100) },
    );
    expect(await failureOf(importing)).toMatchObject({ code: "CANCELLED" });
  });
});
