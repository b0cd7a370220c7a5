import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { TrainingOrigin } from "#core/jobs/trainingJob.js";
import { loadModel } from "../models/loadModel.js";
import { trainingOrigin } from "./trainingOrigin.js";

const tinyBert = fileURLToPath(new URL("../../../test/parity/goldens/tiny-bert", import.meta.url));
const train = [
  { text: "a good film", label: 1 },
  { text: "a bad film", label: 0 },
];
const classes = ["bad", "good"];

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-origin-"));
  await cp(tinyBert, folder, { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function origin(changes: { seed?: number; rows?: typeof train; from?: string; move?: string } = {}): Promise<TrainingOrigin> {
  const { seed = 1, rows = train, from = tinyBert, move } = changes;
  // A head of another size than the folder's is drawn from the seed.
  const model = await loadModel(from, { task: "classification", classes: 5 }, { seed, field: "training_job.model" });
  expect(model.created).not.toEqual([]);
  try {
    const tensor = move === undefined ? undefined : model.parameters.get(move);
    if (tensor && move !== undefined)
      model.parameters.set(
        move,
        Float32Array.from(tensor.dataSync<"float32">(), (value) => value + 1),
        tensor.shape,
      );
    return await trainingOrigin({ modelFolder: from, model, train: rows, classes }, () => false);
  } finally {
    model.parameters.dispose();
  }
}

it("is the same for every seed, also where the head is drawn from it", async () =>
  expect(await origin({ seed: 2 })).toEqual(await origin()));

it("tells which of weights, tokenizer and rows is another", async () => {
  const first = await origin();
  const moved = await origin({ move: "bert.embeddings.LayerNorm.weight" });
  expect(moved).toEqual({ ...first, baseWeightsDigest: expect.not.stringMatching(first.baseWeightsDigest) as string });
  const rows = await origin({ rows: train.toReversed() });
  expect(rows).toEqual({ ...first, trainRowsDigest: expect.not.stringMatching(first.trainRowsDigest) as string });

  const path = join(folder, "tokenizer.json");
  const tokenizer = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  await writeFile(path, JSON.stringify(tokenizer, null, 2));
  expect(await origin({ from: folder })).toEqual(first);
  await writeFile(path, JSON.stringify({ ...tokenizer, normalizer: null }));
  const retold = await origin({ from: folder });
  expect(retold).toEqual({ ...first, tokenizerDigest: expect.not.stringMatching(first.tokenizerDigest) as string });
});
