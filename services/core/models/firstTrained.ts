import { decoderNames } from "./decoderParameters.js";
import { encoderNames } from "./encoderParameters.js";
import { isDecoder, type ModelConfig } from "./modelConfig.js";

/**
 * The first layer that the backward pass has to reach, counted from 0.
 * @param trained names of the parameters that training moves
 * @returns -1: what is below the layers is trained too; the number of layers: nothing below the head is
 */
export function firstTrained(config: ModelConfig, trained: Iterable<string>): number {
  const names = isDecoder(config) ? decoderNames[config.family] : encoderNames[config.family];
  const norm = "embeddingNorm" in names ? [`${names.embeddingNorm}.weight`, `${names.embeddingNorm}.bias`] : [];
  const below = new Set([names.word, names.position, "type" in names ? names.type : undefined, ...norm]);
  let first = config.layers;
  for (const name of trained) {
    if (below.has(name)) return -1;
    if (name.startsWith(names.layers)) first = Math.min(first, reachedFor(name, names.layers));
    // A decoder's norm before a layer, and the one behind the last, belong to the pass of the layer below.
    if ("finalNorm" in names && name.startsWith(`${names.finalNorm}.`)) first = Math.min(first, config.layers - 1);
  }
  return first;

  function reachedFor(name: string, layers: string): number {
    const layer = Number.parseInt(name.slice(layers.length), 10);
    return "finalNorm" in names && name.startsWith(`${names.layer(layer).inputNorm}.`) ? layer - 1 : layer;
  }
}
