import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inspectModel } from "#engine/models/inspectModel.js";
import { fetchHubModel } from "./hubModel.js";

// The public hub is not to be had in a test: this server speaks the part of its HTTP API that @huggingface/hub uses.

const tinyBert = join(import.meta.dirname, "../../test/parity/goldens/tiny-bert");
const commit = "0123456789abcdef0123456789abcdef01234567";

let folder: string;
let server: Server;
let hubUrl: string;
let requests: string[];

async function startHub(files: Record<string, Buffer>): Promise<void> {
  requests = [];
  const info = (path: string) => ({
    type: "file",
    path,
    size: files[path]?.length ?? 0,
    oid: createHash("sha1")
      .update(files[path] ?? "")
      .digest("hex"),
  });
  server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "", "http://hub").pathname);
    requests.push(`${request.method} ${path}`);
    const json = (body: unknown) => response.setHeader("content-type", "application/json").end(JSON.stringify(body));
    if (path.startsWith("/api/models/org/model/tree/")) return void json(Object.keys(files).map(info));
    if (path.startsWith("/api/models/org/model/paths-info/")) {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { paths } = JSON.parse(Buffer.concat(chunks).toString()) as { paths: string[] };
        // As on the hub: each file was changed last by a commit of its own.
        json(paths.map((name) => ({ ...info(name), lastCommit: { id: info(name).oid, title: "", date: "2026-01-01T00:00:00Z" } })));
      });
      return;
    }
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
    const content = files[path.replace(`/org/model/resolve/${commit}/`, "")];
    if (!content) return void response.writeHead(404, { "x-error-code": "RepoNotFound" }).end();
    const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "");
    const [from, to] = range ? [Number(range[1]), Math.min(Number(range[2]), content.length - 1)] : [0, content.length - 1];
    response.writeHead(range ? 206 : 200, {
      etag: `"${createHash("sha1").update(content).digest("hex")}"`,
      "content-range": `bytes ${from}-${to}/${content.length}`,
      "content-length": to - from + 1,
    });
    response.end(content.subarray(from, to + 1));
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
  server.close();
  await rm(folder, { recursive: true, force: true });
});

describe("a model of the hub", () => {
  it("is fetched into one folder that can be trained from, without files that nobody needs, and only once", async () => {
    await startHub({ ...(await modelFiles()), "pytorch_model.bin": Buffer.alloc(100), "README.md": Buffer.from("# card") });
    const told: string[] = [];
    const fetched = await fetchHubModel("org/model", folder, hubUrl, (name) => told.push(name));
    expect((await readdir(fetched)).toSorted()).toEqual(Object.keys(await modelFiles()).toSorted());
    expect(told.toSorted()).toEqual(Object.keys(await modelFiles()).toSorted());
    expect((await inspectModel(fetched, "training_job.model")).parameters).toBeGreaterThan(0);
    requests.length = 0;
    expect(await fetchHubModel("org/model", folder, hubUrl, () => undefined)).toBe(fetched);
    expect(requests.filter((request) => request.includes("/resolve/"))).toEqual([]);
  });

  it("is refused when it has no safetensors weights, or does not exist", async () => {
    const { "model.safetensors": _weights, ...others } = await modelFiles();
    await startHub(others);
    await expect(fetchHubModel("org/model", folder, hubUrl, () => undefined)).rejects.toThrow('"org/model" has no model.safetensors');
    await expect(fetchHubModel("org/other", folder, hubUrl, () => undefined)).rejects.toThrow(/404|not found/i);
  });
});
