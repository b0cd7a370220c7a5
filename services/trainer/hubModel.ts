import { mkdir, stat, statfs } from "node:fs/promises";
import { HUB_URL, HubApiError, listFiles, modelInfo } from "@huggingface/hub";
import { join } from "node:path";
import { FaultError } from "#core/fault.js";
import { parseShardIndex, shardIndexFile } from "#core/models/shardIndex.js";
import { openJson } from "#engine/models/modelFiles.js";
import { type ModelFolder, tokenizerFiles } from "#engine/models/modelFolder.js";
import { weightsFile } from "#engine/models/weightFiles.js";
import { sweepAbandoned, writeFolder } from "#platform/writeFolder.js";
import { DownloadFailure, downloadFile, networkProblem, type RemoteFile } from "./downloadFile.js";

/** What a model folder may need besides its weights; everything else of a hub repository stays where it is. */
const wanted: ReadonlySet<string> = new Set(["config.json", ...tokenizerFiles]);
/** A file that may hold weights: the one, or one of the parts that an index names. */
const isWeights = (name: string) => /^[^/]+\.safetensors$/.test(name);
/** Files of a repository that are looked through for these. */
const maxListed = 10_000;
/** More than any file but the weights has. */
const maxSmallBytes = 64_000_000;
const field = "training_job.model";

/** Where hub models come from and go to, and who watches. */
export interface HubOptions {
  cacheFolder: string;
  /** A mirror; `undefined`: the hub itself. */
  hubUrl: string | undefined;
  signal: AbortSignal;
  /** Told with each piece that came. */
  onProgress(progress: { file: string; bytes: number; totalBytes: number }): void;
  /** A hub that sends nothing for so long is given up. */
  stallMs?: number;
}

/**
 * Fetches a model of the Hugging Face hub (or of a mirror) into a cache: its folder is there whole or not at all, and is not fetched again.
 * @throws FaultError when the hub cannot be reached, has no such model or gives it to nobody, the model has no safetensors weights, or the
 *   disk is full; the signal's reason when it is aborted
 */
export async function fetchHubModel(hubId: string, options: HubOptions): Promise<ModelFolder> {
  const { cacheFolder, signal } = options;
  const refuse = (reason: string, problem: string) => new FaultError([{ field, reason, description: `"${hubId}" ${problem}` }]);
  try {
    await mkdir(cacheFolder, { recursive: true });
    await sweepAbandoned(cacheFolder, 1);
    const { revision, files } = await look(hubId, options);
    const has = (wantedName: string) => files.some(({ name }) => name === wantedName);
    if (!has(weightsFile) && !has(shardIndexFile)) throw refuse("MISSING_FILE", `has no ${weightsFile}, and no ${shardIndexFile}`);
    // A repository may have the weights in both forms, and in parts that its index does not name.
    const small = files.filter(({ name }) => !isWeights(name) && !(name === shardIndexFile && has(weightsFile)));
    for (const { name, size } of small)
      if (size > maxSmallBytes) throw refuse("TOO_LARGE", `has a ${name} of ${size} bytes; at most ${maxSmallBytes} are allowed`);
    const folder = join(cacheFolder, hubId.replace("/", "--"), revision);
    const found = { folder, roots: [folder], name: hubId };
    if ((await stat(folder).catch(() => undefined))?.isDirectory()) return found;
    await writeFolder(folder, async (temporary) => {
      const fetchAll = async (some: readonly RemoteFile[]) => {
        const needed = some.reduce((sum, { size }) => sum + size, 0);
        const { bavail, bsize } = await statfs(cacheFolder);
        if (needed > bavail * bsize)
          throw refuse("DISK_FULL", `needs ${needed} bytes; the disk of this server's hub cache has ${bavail * bsize}`);
        for (const file of some) await fetchOne(file);
      };
      const fetchOne = async (file: RemoteFile) => {
        const url = `${options.hubUrl ?? HUB_URL}/${hubId}/resolve/${revision}/${file.name}`;
        const onBytes = (bytes: number) => options.onProgress({ file: file.name, bytes, totalBytes: file.size });
        onBytes(0);
        await downloadFile(url, join(temporary, file.name), file, { signal, onBytes, stallMs: options.stallMs ?? defaultStallMs });
      };
      await fetchAll(small);
      const parts = has(weightsFile) ? new Set([weightsFile]) : await namedShards({ folder: temporary, roots: [temporary], name: hubId });
      const missing = [...parts].filter((name) => !has(name));
      if (missing.length > 0) throw refuse("MISSING_FILE", `has no ${missing.slice(0, 5).join(", no ")}, which ${shardIndexFile} names`);
      await fetchAll(files.filter(({ name }) => parts.has(name)));
    });
    return found;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof FaultError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOSPC" || code === "EDQUOT")
      throw refuse("DISK_FULL", "could not be stored: the disk of this server's hub cache is full");
    if (error instanceof DownloadFailure) throw refuse("MODEL_UNAVAILABLE", `could not be fetched: ${error.message}`);
    if (error instanceof HubApiError) throw refuse(...answered(error.statusCode));
    if (error instanceof HubUnreachable)
      throw refuse("MODEL_UNAVAILABLE", `could not be fetched: the hub cannot be reached (${error.message})`);
    if (error instanceof SyntaxError || (error instanceof Error && error.name === "TimeoutError"))
      throw refuse("MODEL_UNAVAILABLE", "could not be fetched: the hub's answer could not be read");
    throw error;
  }
}

/** The files that the index of a folder names. @throws FaultError */
async function namedShards(folder: ModelFolder): Promise<ReadonlySet<string>> {
  const { fileOf, faults } = parseShardIndex((await openJson(folder, shardIndexFile, field))?.json, field);
  if (fileOf === undefined) throw new FaultError(faults);
  return new Set(fileOf.values());
}

/** Also how long the hub may take to describe a model. */
const defaultStallMs = 30_000;

class HubUnreachable extends Error {
  override readonly name = "HubUnreachable";
}

/** The hub answers 401 for what does not exist, too: it does not tell strangers what is private. */
function answered(status: number): [reason: string, problem: string] {
  const answer = `the hub answered ${status}`;
  if (status === 401 || status === 404) return ["NOT_FOUND", `is not a public model of the hub: not found, or private (${answer})`];
  if (status === 403) return ["PERMISSION_DENIED", `is gated: the hub gives it to those only who accepted its terms (${answer})`];
  return ["MODEL_UNAVAILABLE", `could not be fetched: ${answer}`];
}

/** Asked for by commit: the files of a model that changes meanwhile would not fit together. */
async function look(hubId: string, { hubUrl, signal, stallMs }: HubOptions): Promise<{ revision: string; files: RemoteFile[] }> {
  const patient: typeof fetch = async (input, init) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(stallMs ?? defaultStallMs)]);
    return await fetch(input, { ...init, signal: limit }).catch((error: unknown) => {
      throw new HubUnreachable(networkProblem(error));
    });
  };
  const hub = { fetch: patient, ...(hubUrl !== undefined && { hubUrl }) };
  const { sha: revision } = await modelInfo({ name: hubId, additionalFields: ["sha"], ...hub });
  if (!/^[0-9a-f]{40}$/.test(String(revision))) throw new DownloadFailure("the hub named no commit");
  const files: RemoteFile[] = [];
  let listed = 0;
  for await (const { type, path, size, oid, lfs } of listFiles({ repo: { type: "model", name: hubId }, revision, ...hub })) {
    if (++listed > maxListed) break;
    if (type !== "file" || !(wanted.has(path) || path === shardIndexFile || isWeights(path))) continue;
    if (lfs) files.push({ name: path, size: lfs.size, digest: { algorithm: "sha256", prefix: "", value: lfs.oid } });
    // As git names a file.
    else files.push({ name: path, size, digest: { algorithm: "sha1", prefix: `blob ${size}\0`, value: String(oid) } });
  }
  return { revision, files };
}
