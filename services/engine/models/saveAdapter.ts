import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { decoderNames } from "#core/models/decoderParameters.js";
import { isDecoder } from "#core/models/modelConfig.js";
import { classifierWeight } from "#core/models/modelParameters.js";
import type { ShouldStop } from "../cancellation.js";
import type { AdaptedModel } from "./adapter.js";
import { bytesOf, writeSafetensors, type WrittenTensor } from "./writeSafetensors.js";

/** Of a checkpoint: where its adapter is, beside the model that it was merged into. */
export const adapterFolder = "adapter";

/**
 * Fills a folder that `peft` opens as an adapter of the base model.
 * @param options.baseModel what the adapter is for: a hub id or a name, as `base_model_name_or_path` says it
 * @throws Cancelled
 */
export async function saveAdapter(
  folder: string,
  model: AdaptedModel,
  { baseModel, shouldStop }: { baseModel: string; shouldStop: ShouldStop },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "adapter_config.json"), `${JSON.stringify(adapterConfig(model, baseModel), null, 2)}\n`);
  const tensors = [...model.adapter.parameters].toSorted().map((name): WrittenTensor => {
    const tensor = model.parameters.get(name);
    return { name: `base_model.model.${name}`, dtype: "F32", shape: tensor.shape, bytes: () => bytesOf(tensor.dataSync<"float32">()) };
  });
  await writeSafetensors(join(folder, "adapter_model.safetensors"), tensors, { metadata: { format: "pt" }, shouldStop });
}

function adapterConfig({ config, head, lora, layers, adapter }: AdaptedModel, baseModel: string): Record<string, unknown> {
  const { rank, alpha, dropout, rslora } = lora;
  const isClassifier = head.task !== "causal_lm";
  return {
    base_model_name_or_path: baseModel,
    bias: "none",
    fan_in_fan_out: isDecoder(config) && decoderNames[config.family].inputFirst,
    inference_mode: true,
    init_lora_weights: true,
    lora_alpha: alpha,
    lora_dropout: dropout,
    modules_to_save: isClassifier ? savedModules(classifierWeight(config), adapter.parameters) : null,
    peft_type: "LORA",
    r: rank,
    // Whole names: what ends alike elsewhere in the model is not meant.
    target_modules: layers.map(({ name }) => name),
    task_type: isClassifier ? "SEQ_CLS" : "CAUSAL_LM",
    use_dora: false,
    use_rslora: rslora,
  };
}

/** The modules of a head that are saved whole: `classifier`, and the layer before it when that is apart from it. */
function savedModules(classifier: string, parameters: ReadonlySet<string>): string[] {
  const modules = [...parameters].filter((name) => !name.includes(".lora_")).map((name) => name.replace(/\.(weight|bias)$/, ""));
  const head = classifier.split(".")[0] as string;
  return [...new Set(modules.map((name) => (name.startsWith(`${head}.`) ? head : name)))];
}
