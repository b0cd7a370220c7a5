import { createHash } from "node:crypto";
import type { Example } from "#core/datasets/example.js";
import { splitDigest } from "#core/datasets/splitDigest.js";
import type { TrainingOrigin } from "#core/jobs/trainingJob.js";
import type { ShouldStop } from "../cancellation.js";
import type { LoadedModel } from "../models/loadModel.js";
import { openJson } from "../models/modelFiles.js";
import { type ModelFolder, modelFolder } from "../models/modelFolder.js";
import { weightsDigest } from "../models/weightsDigest.js";

/** What a training starts from. */
export interface OriginSource {
  /** A path: a folder that this program made. */
  modelFolder: ModelFolder | string;
  model: Pick<LoadedModel, "parameters" | "created">;
  /** The rows that are trained on. */
  train: readonly Example[];
  /** Names of the classes, in the order of their ids. */
  classes: readonly string[];
}

/** Digests of what a training starts from, before its first step. @throws FaultError when the tokenizer cannot be read; Cancelled */
export async function trainingOrigin({ model, train, classes, ...source }: OriginSource, shouldStop: ShouldStop): Promise<TrainingOrigin> {
  const { parameters } = model;
  const drawn = new Set(model.created);
  const names = parameters.names.filter((name) => !drawn.has(name));
  return {
    baseWeightsDigest: await weightsDigest({ names, get: parameters.get }, shouldStop),
    tokenizerDigest: await tokenizerDigest(modelFolder(source.modelFolder)),
    trainRowsDigest: splitDigest(train, classes),
  };
}

/** Over the contents: how a file is laid out does not matter. */
async function tokenizerDigest(folder: ModelFolder): Promise<string> {
  const hash = createHash("sha256");
  for (const name of ["tokenizer.json", "tokenizer_config.json"])
    hash.update(`${name}\0${JSON.stringify((await openJson(folder, name, "training_job.model"))?.json ?? null)}\0`);
  return hash.digest("hex");
}
