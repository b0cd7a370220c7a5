import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { noteUse, sweepVersions } from "./addonVersions.js";
import { cached } from "./cached.js";
import { cacheFolder } from "./cachePaths.js";

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** An addon of Node that links with TensorFlow. */
export interface Addon {
  /** Said while it is compiled. */
  title: string;
  /** The file's name without `.node`. */
  name: string;
  sources: string[];
  /** Sources that are made when it is compiled, by the file's name. They include headers that lie beside the first of `sources`. */
  generated?: Record<string, string>;
  flags: string[];
}

/** Where an addon is looked for: beside tfjs-node-gpu's binding. */
export function addonPath(name: string): string {
  return join(dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json")), "lib/napi-v8", `${name}.node`);
}

/**
 * Compiles an addon, two files at a time, unless the cache has one of the same sources, flags, compiler and library; then links it into
 * tfjs-node-gpu's folder, where both the binding and our kernels are looked for.
 */
export async function installAddon(
  addon: Addon,
  tools: { compiler: string; tensorflow: { folder: string; version: string } },
): Promise<void> {
  const { compiler, tensorflow } = tools;
  const headers = join(dirname(require.resolve("node-api-headers/package.json")), "include");
  const flags = ["-std=c++17", "-fPIC", "-fexceptions", "-pthread", "-DNAPI_VERSION=8", ...addon.flags];
  const hash = createHash("sha256");
  const { stdout: compilerVersion } = await run(compiler, ["--version"]);
  hash.update(JSON.stringify([compilerVersion, flags, tensorflow.version, process.platform, process.arch]));
  for (const source of addon.sources) {
    const headersBeside = (await readdir(dirname(source))).filter((name) => name.endsWith(".h")).toSorted();
    for (const file of [source, ...headersBeside.map((name) => join(dirname(source), name))])
      hash.update(basename(file)).update(await readFile(file));
  }
  const generated = Object.entries(addon.generated ?? {});
  for (const [name, text] of generated) hash.update(name).update(text);
  const folder = await cached(
    join(cacheFolder(), `${addon.name}-${hash.digest("hex").slice(0, 16)}`),
    addon.title,
    async (temporary, progress) => {
      const include = [headers, join(tensorflow.folder, "include"), ...addon.sources.slice(0, 1).map(dirname)].map((each) => `-I${each}`);
      for (const [name, text] of generated) await writeFile(join(temporary, name), text);
      const sources = [...generated.map(([name]) => join(temporary, name)), ...addon.sources];
      const queue = sources.map((source, index) => ({ source, object: join(temporary, `${index}.o`) }));
      const objects = queue.map(({ object }) => object);
      let done = 0;
      const compile = async () => {
        for (let next = queue.shift(); next; next = queue.shift()) {
          progress.update(`compiling ${basename(next.source)} (${done} of ${objects.length} done)`);
          await run(compiler, [...flags, ...include, "-c", next.source, "-o", next.object]);
          done++;
        }
      };
      await Promise.all([compile(), compile()]);
      const lib = join(tensorflow.folder, "lib");
      const link = process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : [];
      await run(compiler, [
        "-shared",
        ...link,
        ...objects,
        "-o",
        join(temporary, `${addon.name}.node`),
        `-L${lib}`,
        "-ltensorflow",
        "-ltensorflow_framework",
        "-pthread",
        `-Wl,-rpath,${lib}`,
      ]);
      await Promise.all([...objects, ...generated.map(([name]) => join(temporary, name))].map((file) => rm(file)));
      return "compiled";
    },
  );
  await noteUse(folder, addonPath(addon.name));
  await link(join(folder, `${addon.name}.node`), addonPath(addon.name));
  await sweepVersions(cacheFolder(), addon.name);
}

/** Points `path` at `target`, in one step for whoever is looking. */
async function link(target: string, path: string): Promise<void> {
  if ((await readlink(path).catch(() => undefined)) === target && existsSync(path)) return;
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await symlink(target, temporary);
  await rename(temporary, path);
}
