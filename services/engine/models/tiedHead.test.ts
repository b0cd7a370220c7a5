import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inspectModel } from "./inspectModel.js";
import { loadModel } from "./loadModel.js";

const untied = fileURLToPath(new URL("../../../test/parity/goldens/tiny-llama", import.meta.url));
const [word, head] = ["model.embed_tokens.weight", "lm_head.weight"];

let folder = "";
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "stepwire-tied-")), "model");
  await cp(untied, folder, { recursive: true });
  const path = join(folder, "config.json");
  await writeFile(path, JSON.stringify({ ...(JSON.parse(await readFile(path, "utf8")) as object), tie_word_embeddings: true }));
});
afterEach(() => rm(join(folder, ".."), { recursive: true, force: true }));

const load = (task: "causal_lm" | "classification") =>
  loadModel(folder, task === "causal_lm" ? { task } : { task, classes: 2 }, { seed: 0, field: "training_job.model" });

describe("a language head beside the embedding that it is tied to", () => {
  it("is refused when it differs, and is nothing to a classifier", async () => {
    await expect(load("causal_lm")).rejects.toThrow(
      `training_job.model: model.safetensors: tensors "${word}" and "${head}" are both in the checkpoint and differ, and tie_word_embeddings is true; set tie_word_embeddings to false to keep both`,
    );
    const classifier = await load("classification");
    expect(classifier.parameters.names).not.toContain(head);
    classifier.parameters.dispose();
  });

  it("is fine when it holds the same numbers", async () => {
    const { tensors } = await inspectModel(folder, "model");
    const [from, to] = [tensors.get(word), tensors.get(head)];
    if (!from || !to) throw new Error("the golden has no language head of its own");
    const path = join(folder, "model.safetensors");
    const bytes = await readFile(path);
    bytes.copy(bytes, to.begin, from.begin, from.end);
    await writeFile(path, bytes);
    const model = await load("causal_lm");
    expect(model.parameters.names).not.toContain(head);
    model.parameters.dispose();
  });
});
