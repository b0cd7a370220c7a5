import type { DecoderConfig, DecoderFamily } from "./decoderConfig.js";
import type { ParameterShapes } from "./parameterShapes.js";

/** The linear layers and norms of one decoder layer, by their prefixes. */
export interface DecoderLayerNames {
  inputNorm: string;
  /** One linear layer that gives all three, or one each. */
  queryKeyValue: { together: string } | { query: string; key: string; value: string };
  output: string;
  networkNorm: string;
  /** One layer, or a gate besides it. */
  gate: string | undefined;
  up: string;
  down: string;
}

/** What the parameters of a family are called in its `...ForCausalLM` and `...ForSequenceClassification` of `transformers`. */
export interface DecoderNames {
  /** Before all names but the heads': checkpoints of the bare decoder are written without it. */
  prefix: string;
  /** The first parts of names that follow the prefix. */
  parts: readonly string[];
  word: string;
  /** `undefined`: queries and keys are turned instead. */
  position: string | undefined;
  /** Before a layer's number in its names. */
  layers: string;
  layer(index: number): DecoderLayerNames;
  finalNorm: string;
  /** Whether norms have a bias. */
  normBias: boolean;
  /** Whether weights of linear layers are [in, out], as in the first GPTs, or [out, in]. */
  inputFirst: boolean;
  /** Gives the next token's logits, where it is not the embedding table. */
  languageHead: string;
  /** Gives the logits of classes, without a bias. */
  classifier: string;
  architectures: { language: string; classifier: string };
}

const llama = (family: string): DecoderNames => ({
  prefix: "model.",
  parts: ["embed_tokens", "layers", "norm"],
  word: "model.embed_tokens.weight",
  position: undefined,
  layers: "model.layers.",
  layer(index) {
    const prefix = `model.layers.${index}`;
    return {
      inputNorm: `${prefix}.input_layernorm`,
      queryKeyValue: {
        query: `${prefix}.self_attn.q_proj`,
        key: `${prefix}.self_attn.k_proj`,
        value: `${prefix}.self_attn.v_proj`,
      },
      output: `${prefix}.self_attn.o_proj`,
      networkNorm: `${prefix}.post_attention_layernorm`,
      gate: `${prefix}.mlp.gate_proj`,
      up: `${prefix}.mlp.up_proj`,
      down: `${prefix}.mlp.down_proj`,
    };
  },
  finalNorm: "model.norm",
  normBias: false,
  inputFirst: false,
  languageHead: "lm_head",
  classifier: "score",
  architectures: { language: `${family}ForCausalLM`, classifier: `${family}ForSequenceClassification` },
});

/** By family. */
export const decoderNames: Readonly<Record<DecoderFamily, DecoderNames>> = {
  gpt2: {
    prefix: "transformer.",
    parts: ["wte", "wpe", "h", "ln_f"],
    word: "transformer.wte.weight",
    position: "transformer.wpe.weight",
    layers: "transformer.h.",
    layer(index) {
      const prefix = `transformer.h.${index}`;
      return {
        inputNorm: `${prefix}.ln_1`,
        queryKeyValue: { together: `${prefix}.attn.c_attn` },
        output: `${prefix}.attn.c_proj`,
        networkNorm: `${prefix}.ln_2`,
        gate: undefined,
        up: `${prefix}.mlp.c_fc`,
        down: `${prefix}.mlp.c_proj`,
      };
    },
    finalNorm: "transformer.ln_f",
    normBias: true,
    inputFirst: true,
    languageHead: "lm_head",
    classifier: "score",
    architectures: { language: "GPT2LMHeadModel", classifier: "GPT2ForSequenceClassification" },
  },
  llama: llama("Llama"),
  qwen2: llama("Qwen2"),
};

/** Every parameter but the heads', in the order of `transformers`; one at a time, so that who compares can stop. */
export function* decoderShapes(config: DecoderConfig): Generator<readonly [string, readonly number[]]> {
  const { hiddenSize: hidden, intermediateSize: intermediate, biases } = config;
  const names = decoderNames[config.family];
  const norm = (name: string): ParameterShapes => [
    [`${name}.weight`, [hidden]],
    ...(names.normBias ? ([[`${name}.bias`, [hidden]]] as const) : []),
  ];
  const linear = (name: string, from: number, to: number, bias: boolean): ParameterShapes => [
    [`${name}.weight`, names.inputFirst ? [from, to] : [to, from]],
    ...(bias ? ([[`${name}.bias`, [to]]] as const) : []),
  ];
  const [queries, keys] = [config.heads * config.headSize, config.kvHeads * config.headSize];
  yield [names.word, [config.vocabSize, hidden]];
  if (names.position !== undefined) yield [names.position, [config.maxPositions, hidden]];
  for (let index = 0; index < config.layers; index++) {
    const layer = names.layer(index);
    yield* norm(layer.inputNorm);
    const from = layer.queryKeyValue;
    if ("together" in from) yield* linear(from.together, hidden, queries + 2 * keys, biases.queryKeyValue);
    else {
      yield* linear(from.query, hidden, queries, biases.queryKeyValue);
      for (const part of [from.key, from.value]) yield* linear(part, hidden, keys, biases.queryKeyValue);
    }
    yield* linear(layer.output, queries, hidden, biases.output);
    yield* norm(layer.networkNorm);
    for (const part of layer.gate === undefined ? [layer.up] : [layer.gate, layer.up])
      yield* linear(part, hidden, intermediate, biases.network);
    yield* linear(layer.down, intermediate, hidden, biases.network);
  }
  yield* norm(names.finalNorm);
}
