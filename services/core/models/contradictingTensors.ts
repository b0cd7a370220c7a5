import { decoderNames } from "./decoderParameters.js";
import { describeValue } from "./describeValue.js";
import { encoderNames } from "./encoderParameters.js";
import { isDecoder, type ModelConfig } from "./modelConfig.js";

/** Tensors inside a model that are no weights of its layers, or that its classifier does not read. */
const harmless = /\.attn\.(masked_)?bias$|\.inv_freq$|\.(position|token_type)_ids$|\.pooler\./;

/**
 * Weights of a checkpoint that are the model's own by their names and that `config.json` has no place for: layers beyond the last, biases that
 * it says there are none of. Without them the model would be another one. Heads of pretraining and buffers are none of these.
 * @param names of the checkpoint's tensors, in the model with its head
 * @param known names of the parameters that the configuration asks for
 * @returns each with what is wrong with it; layers beyond the last are told once
 */
export function contradictingTensors(
  config: ModelConfig,
  names: Iterable<string>,
  known: ReadonlySet<string>,
): { name: string; problem: string }[] {
  const { prefix, layers } = isDecoder(config) ? decoderNames[config.family] : encoderNames[config.family];
  const found: { name: string; problem: string }[] = [];
  const beyond: string[] = [];
  for (const name of names) {
    if (known.has(name) || harmless.test(name) || !/\.(weight|bias)$/.test(name)) continue;
    const layer = name.startsWith(layers) ? /^\d+(?=\.)/.exec(name.slice(layers.length))?.[0] : undefined;
    if (layer !== undefined && Number(layer) >= config.layers) beyond.push(name);
    else if (name.startsWith(prefix) || isHeadBias(name, config))
      found.push({ name, problem: `tensor ${describeValue(name)} has no place in the model that config.json describes` });
  }
  const [first] = beyond;
  if (first !== undefined)
    found.unshift({
      name: first,
      problem: `${beyond.length} tensors are of layers beyond the ${config.layers} of config.json, such as ${describeValue(first)}`,
    });
  return found;
}

/** No decoder's head has one. */
function isHeadBias(name: string, config: ModelConfig): boolean {
  if (!isDecoder(config)) return false;
  const { languageHead, classifier } = decoderNames[config.family];
  return name === `${languageHead}.bias` || name === `${classifier}.bias`;
}
