import { mkdir } from "node:fs/promises";
import { downloadFileToCacheDir, listFiles, modelInfo } from "@huggingface/hub";
import { dirname } from "node:path";

/** What a model folder may need; everything else of a hub repository stays where it is. */
const wanted = /^(config\.json|model\.safetensors|tokenizer\.json|tokenizer_config\.json|special_tokens_map\.json|vocab\.txt|merges\.txt)$/;

/**
 * Fetches a model of the Hugging Face hub (or of the mirror that `HF_ENDPOINT` names) into a cache folder; files that are there already
 * are not fetched again.
 * @returns the folder of the snapshot
 * @throws Error when the hub cannot be reached, has no such model, or the model has no safetensors weights
 */
export async function fetchHubModel(
  hubId: string,
  cacheFolder: string,
  hubUrl: string | undefined,
  onFile: (name: string) => void,
): Promise<string> {
  const repo = { type: "model", name: hubId } as const;
  const hub = hubUrl === undefined ? {} : { hubUrl };
  await mkdir(cacheFolder, { recursive: true });
  // Asked for by commit: otherwise each file lands in the folder of the commit that changed it last.
  const { sha: revision } = await modelInfo({ name: hubId, additionalFields: ["sha"], ...hub });
  const names: string[] = [];
  for await (const file of listFiles({ repo, revision, ...hub })) if (file.type === "file" && wanted.test(file.path)) names.push(file.path);
  if (!names.includes("model.safetensors")) throw new Error(`"${hubId}" has no model.safetensors`);
  let folder = "";
  for (const path of names) {
    onFile(path);
    folder = dirname(await downloadFileToCacheDir({ repo, path, revision, cacheDir: cacheFolder, ...hub }));
  }
  return folder;
}
