import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// The packages as `npm pack` makes them, in a folder that has nothing else but the dependencies that they name.

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const packages = ["clients/typescript", "proto"];
const offline = { ...process.env, npm_config_offline: "true", npm_config_loglevel: "error" };

interface Manifest {
  name: string;
  version: string;
  bin?: Record<string, string>;
  dependencies: Record<string, string>;
}

let folder: string;
let app: string;
/** Files of each packed package by its name. */
const packed = new Map<string, string[]>();
let version: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-packed-"));
  app = join(folder, "app");
  const modules = join(app, "node_modules");
  await mkdir(join(modules, ".bin"), { recursive: true });
  await writeFile(join(app, "package.json"), JSON.stringify({ name: "app", private: true, type: "module" }));
  const manifests = await Promise.all(packages.map((source) => install(join(root, source), modules)));
  version = manifests[0]?.version ?? "";
  const own = manifests.map(({ name }) => name);
  const others = new Set(manifests.flatMap(({ dependencies }) => Object.keys(dependencies)).filter((name) => !own.includes(name)));
  // @types/node is one of protobufjs' dependencies: npm puts it here too.
  for (const name of [...others, "@types/node"]) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(root, "node_modules", name), join(modules, name));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Packs a package and unpacks it as `npm install` does, without asking the registry for anything. */
async function install(source: string, modules: string): Promise<Manifest> {
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], { cwd: source, env: offline });
  const [report] = Object.values(JSON.parse(stdout) as Record<string, { name: string; filename: string; files: { path: string }[] }>);
  if (!report) throw new Error(`npm pack said: ${stdout}`);
  packed.set(
    report.name,
    report.files.map(({ path }) => path),
  );
  const target = join(modules, report.name);
  await mkdir(target, { recursive: true });
  await run("tar", ["-xzf", join(folder, report.filename.replace("@", "").replace("/", "-")), "--strip-components=1", "-C", target]);
  const manifest = JSON.parse(await readFile(join(target, "package.json"), "utf8")) as Manifest;
  for (const [name, path] of Object.entries(manifest.bin ?? {})) await symlink(join(target, path), join(modules, ".bin", name));
  return manifest;
}

describe("the packed client", () => {
  it("holds what is run, its types and no tests", () => {
    const files = packed.get("@stepwire/client") ?? [];
    expect(files).toEqual(expect.arrayContaining(["package.json", "bin/stepwire.js", "dist/index.js", "dist/index.d.ts"]));
    expect(files.filter((path) => !/^(package\.json|bin\/stepwire\.js|dist\/.*\.(js|d\.ts))$/.test(path))).toEqual([]);
    expect(files.filter((path) => /test/.test(path))).toEqual([]);
  });

  it("is a command", async () => {
    expect((await run("npx", ["--no-install", "stepwire", "--version"], { cwd: app, env: offline })).stdout).toBe(`${version}\n`);
    expect((await run("npx", ["--no-install", "stepwire", "--help"], { cwd: app, env: offline })).stdout).toMatch(/^Usage: stepwire/);
  });

  it("is imported with these names", async () => {
    await writeFile(
      join(app, "app.js"),
      `import * as client from "@stepwire/client";
       const stepwire = new client.Stepwire({ trainerAddress: "127.0.0.1:1" });
       const error = await stepwire.jobs.get("").catch((error) => error);
       stepwire.close();
       console.log(JSON.stringify({ names: Object.keys(client), ours: error instanceof client.StepwireError, code: error.code }));`,
    );
    const { stdout } = await run(process.execPath, ["app.js"], { cwd: app });
    expect(JSON.parse(stdout)).toEqual({
      names: ["Stepwire", "StepwireError", "givenFields", "messageJson", "statusCodes", "wireMessage"],
      ours: true,
      code: "INVALID_ARGUMENT",
    });
  });

  it("has types for strict TypeScript, resolved as Node and as bundlers do", async () => {
    await writeFile(
      join(app, "app.ts"),
      `import { messageJson, Stepwire, StepwireError, type Job, type TrainingEvent, type TrainingJobInput } from "@stepwire/client";
       const input: TrainingJobInput = { optimizer: { name: "adamw", hyperparameters: { learning_rate: 1e-3 } }, onNan: "SKIP" };
       export async function run(): Promise<number | undefined> {
         await using stepwire = new Stepwire({ tls: { rootCertificates: Buffer.from("") } });
         const job: Job = await stepwire.jobs.create(input, { id: "a", signal: new AbortController().signal });
         const watch = job.watch();
         for await (const event of watch) {
           const { metric }: TrainingEvent = event;
           if (metric) console.log(metric.loss?.toFixed(2), watch.resumeToken, messageJson("stepwire.v1.MetricPoint", metric, "proto3"));
         }
         // @ts-expect-error the states are a closed set
         stepwire.jobs.list({ states: ["RUNING"] });
         return await job.result().then(
           ({ validationAccuracy }) => validationAccuracy,
           (error: unknown) => { throw StepwireError.from(error); },
         );
       }`,
    );
    const strict = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--skipLibCheck", "false", "--target", "es2023"];
    const tsc = join(root, "node_modules/.bin/tsc");
    for (const [module, resolution] of [
      ["nodenext", "nodenext"],
      ["esnext", "bundler"],
    ] as const) {
      const args = [...strict, "--lib", "esnext", "--module", module, "--moduleResolution", resolution, "app.ts"];
      const { stdout } = await run(tsc, args, { cwd: app }).catch((error: { stdout: string }) => error);
      expect(stdout, resolution).toBe("");
    }
  });
});
