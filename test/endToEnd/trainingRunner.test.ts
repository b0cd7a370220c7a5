import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planTraining } from "#core/training/planTraining.js";
import { encodeExamples } from "#core/datasets/encodeExamples.js";
import { completeSpec, type TrainingJobDraft } from "#core/jobs/completeSpec.js";
import type { TrainingSpec } from "#core/jobs/trainingJob.js";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { type Runner, type RunnerMessage, startRunner } from "#platform/runnerProcess.js";
import type { RunnerInput } from "#trainer/runnerProtocol.js";

// The compiled runner of the trainer, as its supervisor sees it.

const tinyBert = join(repositoryRoot, "test/parity/goldens/tiny-bert");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-runner-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function start(changes: Partial<RunnerInput>, environment: Record<string, string> = {}) {
  const { spec } = completeSpec({ dataset: { id: "d" }, optimizer: { name: "adamw", hyperparameters: {} }, maxSteps: 1, maxLength: 16 });
  if (spec === undefined) throw new Error("the spec of this test is valid");
  const input: RunnerInput = {
    spec,
    plan: planTraining({ spec, trainRows: 4, validationRows: 4, tokenLengths: [], head: { task: "classification", classes: 2 } }),
    model: { folder: tinyBert, roots: [tinyBert], name: "tiny" },
    dataset: { id: "d", digest: "0" },
    classes: ["a", "b"],
    splitFiles: { train: join(folder, "no-such-file") },
    checkpointFolder: join(folder, "checkpoint"),
    ...changes,
  };
  const messages: RunnerMessage[] = [];
  const log: string[] = [];
  const logger = pino({ level: "debug" }, { write: (line: string) => void log.push(line) });
  const runner: Runner = startRunner({
    script: join(repositoryRoot, "dist/services/trainer/runner/main.js"),
    environment,
    logger,
    input,
    onMessage: (message) => void messages.push(message),
  });
  return { runner, messages, log };
}

describe("the training runner", () => {
  it("tells its caller nothing of its machine when something unexpected happens, and its log everything", async () => {
    const { runner, messages, log } = start({});
    await runner.exited;
    expect(messages.at(-1)).toEqual({
      type: "failed",
      error: { code: "RUNNER_ERROR", message: "unexpected failure in the runner; the service log says more" },
    });
    expect(log.join("")).toMatch(/ENOENT.*no-such-file/s);
  });

  it("names the model's file that is wrong, in the caller's words", async () => {
    const broken = join(folder, "broken");
    await writeFile(broken, "");
    const { runner, messages } = start({
      model: { folder: broken, roots: [folder], name: "/asked/for" },
      splitFiles: { train: "/dev/null" },
    });
    await runner.exited;
    const { error } = messages.at(-1) as unknown as { error: { code: string; message: string; field: string } };
    expect(error).toMatchObject({ field: "training_job.model" });
    expect(error.message).not.toContain(folder);
  });

  describe("with a model of the hub, which is known only once it is fetched", () => {
    /** The part of the hub's API that fetching a model uses. */
    async function withHub(use: (environment: Record<string, string>) => Promise<void>): Promise<void> {
      const files = await readdir(tinyBert);
      const hub = createServer((request, response) => {
        const { pathname } = new URL(request.url ?? "", "http://hub");
        const json = (body: unknown) => response.setHeader("content-type", "application/json").end(JSON.stringify(body));
        void (async () => {
          const contents = await Promise.all(files.map(async (path) => ({ path, bytes: await readFile(join(tinyBert, path)) })));
          const sum = (algorithm: string, ...parts: (string | Buffer)[]) =>
            parts.reduce((hash, part) => hash.update(part), createHash(algorithm)).digest("hex");
          if (pathname.startsWith("/api/models/org/model/tree/"))
            return json(
              contents.map(({ path, bytes }) => ({
                ...{ type: "file", path, size: bytes.length, oid: sum("sha1", `blob ${bytes.length}\0`, bytes) },
                ...(path.endsWith(".safetensors") && { lfs: { oid: sum("sha256", bytes), size: bytes.length, pointerSize: 130 } }),
              })),
            );
          const facts = { _id: "1", id: "org/model", sha: "0".repeat(40), private: false, downloads: 0, likes: 0, gated: false };
          if (pathname.startsWith("/api/models/org/model")) return json({ ...facts, lastModified: "2026-01-01T00:00:00Z" });
          const found = contents.find(({ path }) => pathname.endsWith(`/${path}`));
          return found ? response.end(found.bytes) : response.writeHead(404, { "x-error-code": "RepoNotFound" }).end();
        })();
      }).listen(0, "127.0.0.1");
      await once(hub, "listening");
      await use({ HF_ENDPOINT: `http://127.0.0.1:${(hub.address() as AddressInfo).port}` }).finally(() => hub.close());
    }
    const draft = { dataset: { id: "d", validationSplit: "validation" }, optimizer: { name: "adamw", hyperparameters: {} }, maxSteps: 1 };
    const input = async (more: TrainingJobDraft): Promise<Partial<RunnerInput>> => {
      const rows = join(folder, "rows.jsonl");
      await writeFile(rows, encodeExamples([0, 1, 0, 1].map((label) => ({ text: `a good film ${label}`, label }))));
      const { spec } = completeSpec({ ...draft, ...more });
      if (spec === undefined) throw new Error("the spec of this test is valid");
      const model = { hubId: "org/model", cacheFolder: join(folder, "hub-cache") };
      return { spec, model, splitFiles: { train: rows, validation: rows }, checkpointFolder: join(folder, "of-hub") };
    };

    it("takes as many tokens as it has positions for, and says so", async () => {
      await withHub(async (environment) => {
        const { runner, messages } = start(await input({}), environment);
        await runner.exited;
        const started = messages.find(({ type }) => type === "started") as unknown as { spec: TrainingSpec };
        expect(started.spec.maxLength).toBe(64);
        expect(started.spec).not.toHaveProperty("maxLengthOpen");
        expect(messages.at(-1)).toMatchObject({ type: "done" });
        expect(await readFile(join(folder, "of-hub", "README.md"), "utf8")).toContain("64 tokens");
      });
    });

    it("tells everything that does not fit at once", async () => {
      const groups = [{ pattern: "zz*", learningRateScale: 0.5 }];
      await withHub(async (environment) => {
        const asked = { maxLength: 65, lora: { targets: ["nope"] }, optimizer: { ...draft.optimizer, groups } };
        const { runner, messages } = start(await input(asked), environment);
        await runner.exited;
        const { error } = messages.at(-1) as unknown as { error: { message: string } };
        expect(error.message.split("\n").map((line) => line.split(": ")[0])).toEqual([
          "training_job.max_length",
          "training_job.lora.targets[0]",
          "training_job.optimizer.groups[0].pattern",
        ]);
      });
    });
  });

  it("stops in the middle of a download from a hub that says nothing", async () => {
    const hub = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(hub, "listening");
    const endpoint = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
    const { runner, messages } = start({ model: { hubId: "org/model", cacheFolder: join(folder, "hub") } }, { HF_ENDPOINT: endpoint });
    await once(hub, "request");
    runner.stop();
    await runner.exited;
    // What waits for the hub's answer to the end fails for want of it.
    expect(messages.map(({ type }) => type)).toEqual(["stopped"]);
    hub.closeAllConnections();
    hub.close();
  });
});
