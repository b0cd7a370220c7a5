import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inspectModel } from "#engine/models/inspectModel.js";
import { fetchHubModel, type HubOptions } from "./hubModel.js";

// The public hub is not to be had in a test: this server speaks the part of its HTTP API that @huggingface/hub uses.

const tinyBert = join(import.meta.dirname, "../../test/parity/goldens/tiny-bert");
const commit = "0123456789abcdef0123456789abcdef01234567";

let folder: string;
let server: Server;
let hubUrl: string;
let requests: string[];
let ranges: string[];

/** How the server misbehaves: called before each file is sent; what it answers with `true` it has sent itself. */
type Trouble = (response: ServerResponse, name: string, content: Buffer, from: number) => boolean;

async function startHub(files: Record<string, Buffer>, trouble: Trouble = () => false): Promise<void> {
  requests = [];
  ranges = [];
  const info = (path: string) => {
    const content = files[path] ?? Buffer.alloc(0);
    // Large files are kept apart, under their SHA-256; git names the others.
    const lfs = { oid: createHash("sha256").update(content).digest("hex"), size: content.length, pointerSize: 130 };
    const oid = createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
    return { type: "file", path, size: content.length, oid, ...(path === "model.safetensors" && { lfs }) };
  };
  server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "", "http://hub").pathname);
    requests.push(`${request.method} ${path}`);
    const json = (body: unknown) => response.setHeader("content-type", "application/json").end(JSON.stringify(body));
    if (path.startsWith("/api/models/org/model/tree/")) return void json(Object.keys(files).map(info));
    if (path.startsWith("/api/models/org/model"))
      return void json({
        _id: "1",
        id: "org/model",
        sha: commit,
        private: false,
        downloads: 0,
        likes: 0,
        gated: false,
        lastModified: "2026-01-01T00:00:00Z",
      });
    const name = path.replace(`/org/model/resolve/${commit}/`, "");
    const content = files[name];
    if (!content) return void response.writeHead(404, { "x-error-code": "RepoNotFound" }).end();
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    if (request.headers.range) ranges.push(`${name} ${request.headers.range}`);
    if (trouble(response, name, content, from)) return;
    response.writeHead(from > 0 ? 206 : 200, {
      "content-length": content.length - from,
      ...(from > 0 && { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` }),
    });
    response.end(content.subarray(from));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  hubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function modelFiles(): Promise<Record<string, Buffer>> {
  const names = await readdir(tinyBert);
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(tinyBert, name))] as const)));
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-hub-"));
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const fetchModel = (hubId: string, more: Partial<HubOptions> = {}) =>
  fetchHubModel(hubId, {
    cacheFolder: folder,
    hubUrl,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...more,
  });
/** All files below the cache. */
const stored = async () => (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());

describe("a model of the hub", () => {
  it("is fetched into one folder that can be trained from, without files that nobody needs, and only once", async () => {
    await startHub({ ...(await modelFiles()), "pytorch_model.bin": Buffer.alloc(100), "README.md": Buffer.from("# card") });
    const told = new Map<string, number>();
    const fetched = await fetchModel("org/model", { onProgress: ({ file, bytes, totalBytes }) => told.set(file, totalBytes - bytes) });
    expect((await readdir(fetched.folder)).toSorted()).toEqual(Object.keys(await modelFiles()).toSorted());
    expect([...told.keys()].toSorted()).toEqual(Object.keys(await modelFiles()).toSorted());
    expect([...told.values()].every((left) => left === 0)).toBe(true);
    expect((await inspectModel(fetched, "training_job.model")).parameters).toBeGreaterThan(0);
    requests.length = 0;
    expect(await fetchModel("org/model")).toEqual(fetched);
    expect(requests.filter((request) => request.includes("/resolve/"))).toEqual([]);
  });

  it("is fetched in the shards that its index names, and no others; one that is not there is named", async () => {
    const { "model.safetensors": weights = Buffer.alloc(0), ...others } = await modelFiles();
    const header = JSON.parse(weights.subarray(8, 8 + Number(weights.readBigUInt64LE())).toString()) as Record<string, unknown>;
    const names = Object.keys(header).filter((name) => name !== "__metadata__");
    const indexOf = (file: (place: number) => string) =>
      Buffer.from(JSON.stringify({ weight_map: Object.fromEntries(names.map((name, place) => [name, file(place)])) }));
    const files = { ...others, "weights-a.safetensors": weights, "model-00001-of-00002.safetensors": Buffer.alloc(1000) };
    await startHub({ ...files, "model.safetensors.index.json": indexOf(() => "weights-a.safetensors") });
    const fetched = await fetchModel("org/model");
    expect((await readdir(fetched.folder)).toSorted()).toEqual(
      [...Object.keys(others), "model.safetensors.index.json", "weights-a.safetensors"].toSorted(),
    );
    expect((await inspectModel(fetched, "training_job.model")).parameters).toBeGreaterThan(0);
    server.close();
    await rm(folder, { recursive: true });
    await startHub({ ...files, "model.safetensors.index.json": indexOf((place) => `weights-${place % 2 ? "a" : "b"}.safetensors`) });
    await expect(fetchModel("org/model")).rejects.toThrow(
      '"org/model" has no weights-b.safetensors, which model.safetensors.index.json names',
    );
    expect(await stored()).toEqual([]);
  });

  it("is refused when it has no safetensors weights, or does not exist", async () => {
    const { "model.safetensors": _weights, ...others } = await modelFiles();
    await startHub(others);
    await expect(fetchModel("org/model")).rejects.toThrow('"org/model" has no model.safetensors');
    await expect(fetchModel("org/other")).rejects.toMatchObject({ faults: [{ field: "training_job.model", reason: "NOT_FOUND" }] });
    await expect(fetchModel("org/other")).rejects.toThrow(/404/);
  });

  it("goes on where a connection broke", async () => {
    let broken = 0;
    await startHub(await modelFiles(), (response, name, content, from) => {
      if (name !== "model.safetensors" || broken++ > 1) return false;
      response.writeHead(from > 0 ? 206 : 200, {
        "content-length": content.length - from,
        "content-range": `bytes ${from}-${content.length - 1}/*`,
      });
      response.write(content.subarray(from, from + 20_000), () => response.destroy());
      return true;
    });
    const fetched = await fetchModel("org/model");
    const name = "model.safetensors";
    expect(await readFile(join(fetched.folder, name))).toEqual((await modelFiles())[name]);
    expect(ranges.length).toBeGreaterThan(0);
  });

  it("is given up when nothing comes any more, and leaves nothing behind", async () => {
    await startHub(await modelFiles(), (response, name) => name === "model.safetensors" && Boolean(response.write("x") || true));
    await expect(fetchModel("org/model", { stallMs: 300 })).rejects.toThrow(
      /model.safetensors broke off at byte \d+ of \d+: nothing came for 0.3 s/,
    );
    expect(await stored()).toEqual([]);
  });

  it("is refused when a file is not what the hub says it is", async () => {
    await startHub(await modelFiles(), (response, name, content) => {
      if (name !== "config.json") return false;
      response.end(Buffer.alloc(content.length, "x"));
      return true;
    });
    await expect(fetchModel("org/model")).rejects.toThrow("config.json is not what the hub says it is: its sha1 differs");
    expect(await stored()).toEqual([]);
  });

  it("is given up at once when the job is cancelled, in the middle of a file", async () => {
    await startHub(await modelFiles(), (response, name) => name === "model.safetensors" && Boolean(response.write("x") || true));
    const cancelling = new AbortController();
    const onProgress: HubOptions["onProgress"] = ({ bytes, file }) => {
      if (file === "model.safetensors" && bytes > 0) cancelling.abort();
    };
    // Nothing else would end it before the test is given up.
    await expect(fetchModel("org/model", { signal: cancelling.signal, onProgress, stallMs: 3_600_000 })).rejects.toThrow("aborted");
    expect(await stored()).toEqual([]);
  });

  it.each([
    [401, "NOT_FOUND", /not found, or private/],
    [403, "PERMISSION_DENIED", /gated/],
    [503, "MODEL_UNAVAILABLE", /the hub answered 503/],
  ])("says what an answer of %i means", async (status, reason, message) => {
    server = createServer((_, response) => response.writeHead(status).end("<html>")).listen(0, "127.0.0.1");
    await once(server, "listening");
    hubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const failed = fetchModel("org/model");
    await expect(failed).rejects.toMatchObject({ faults: [{ reason, description: expect.stringMatching(message) as string }] });
    await expect(failed).rejects.not.toThrow(/127\.0\.0\.1/);
  });

  it("says when the hub cannot be reached, or answers with nonsense, and names no address", async () => {
    await startHub({});
    server.closeAllConnections();
    server.close();
    await expect(fetchModel("org/model")).rejects.toThrow(/cannot be reached \(ECONNREFUSED\)$/);
    server = createServer((_, response) => response.end("<html>")).listen(0, "127.0.0.1");
    await once(server, "listening");
    hubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(fetchModel("org/model")).rejects.toThrow("the hub's answer could not be read");
    server.closeAllConnections();
    server.close();
    server = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(server, "listening");
    hubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(fetchModel("org/model", { stallMs: 300 })).rejects.toThrow("cannot be reached (no answer in time)");
  });
});
