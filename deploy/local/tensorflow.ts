import { mkdir, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { cached } from "./cached.js";
import { cacheFolder } from "./cachePaths.js";
import { cudaWheels } from "./cudaWheels.js";
import type { Progress } from "./progress.js";
import { extractWheel, fetchWheel, type Wheel } from "./wheel.js";

const version = "2.21.0";
const python = "3.11";

/** TensorFlow's library comes out of its Python wheel; by platform and engine. */
const wheels: Record<string, Wheel> = {
  "linux-x64 cpu": {
    requirement: `tensorflow-cpu==${version}`,
    platform: "manylinux_2_27_x86_64",
    python,
    digest: "2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c",
    bytes: 273_829_956,
  },
  "linux-x64 cuda": {
    requirement: `tensorflow==${version}`,
    platform: "manylinux_2_27_x86_64",
    python,
    digest: "9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124",
    bytes: 572_440_367,
  },
  "linux-arm64 cpu": {
    requirement: `tensorflow==${version}`,
    platform: "manylinux_2_27_aarch64",
    python,
    digest: "4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c",
    bytes: 281_000_000,
  },
};

const engines = ["cpu", "cuda"];

/**
 * Where the library is: `include/`, and `lib/` under the names that the binding links with. `STEPWIRE_ENGINE=cuda` gets the build for
 * NVIDIA GPUs (3.4 GB to fetch), which runs on the CPU where there is none.
 * @returns the folder, and a name of the build
 * @throws Error when the engine is unknown or there is none for this platform
 */
export async function installTensorFlow(): Promise<{ folder: string; version: string }> {
  const platform = `${process.platform}-${process.arch}`;
  const engine = process.env.STEPWIRE_ENGINE || "cpu";
  if (!engines.includes(engine)) throw new Error(`STEPWIRE_ENGINE is "${engine}"; allowed: ${engines.join(", ")}`);
  const wheel = wheels[`${platform} ${engine}`];
  if (!wheel) throw new Error(`there is no ${engine} engine for ${platform} yet; supported: ${Object.keys(wheels).join(", ")}`);
  const build = engine === "cpu" ? version : `${version}-${engine}`;
  const folder = await cached(
    join(cacheFolder(), `tensorflow-${build}-${platform}`),
    `TensorFlow ${build}`,
    async (temporary, progress) => {
      const download = join(temporary, "download");
      await mkdir(download);
      const path = await fetchWheel(wheel, download, progress);
      progress.update("unpacking");
      await extractWheel(path, temporary, [
        "tensorflow/libtensorflow_cc.so.2",
        "tensorflow/libtensorflow_framework.so.2",
        // oneDNN's or OpenMP's own libraries, where a wheel has them.
        "tensorflow.libs/",
        "tensorflow/include/tensorflow/c/",
        "tensorflow/include/tensorflow/core/platform/",
        "tensorflow/include/tensorflow/core/common_runtime/next_pluggable_device/c/",
        "tensorflow/include/xla/",
        "tensorflow/include/tsl/",
      ]);
      const lib = join(temporary, "lib");
      await mkdir(lib);
      for (const name of ["cc", "framework"])
        await rename(join(temporary, `tensorflow/libtensorflow_${name}.so.2`), join(lib, `libtensorflow_${name}.so.2`));
      await symlink("libtensorflow_cc.so.2", join(lib, "libtensorflow.so"));
      await symlink("libtensorflow_cc.so.2", join(lib, "libtensorflow.so.2"));
      await symlink("libtensorflow_framework.so.2", join(lib, "libtensorflow_framework.so"));
      await rename(join(temporary, "tensorflow/include"), join(temporary, "include"));
      await rm(download, { recursive: true });
      await rm(join(temporary, "tensorflow"), { recursive: true, force: true });
      if (engine === "cuda") await addCudaLibraries(temporary, progress);
      return "ready";
    },
  );
  return { folder, version: build };
}

/** The library looks for CUDA's in `../nvidia`. */
async function addCudaLibraries(folder: string, progress: Progress): Promise<void> {
  for (const wheel of cudaWheels) {
    const download = join(folder, "download");
    await mkdir(download);
    const told: Progress = { ...progress, update: (text) => progress.update(`${wheel.requirement}: ${text}`) };
    await extractWheel(await fetchWheel(wheel, download, told), folder, ["nvidia/"]);
    await rm(download, { recursive: true });
  }
}
