import type { TrainingSpec } from "../jobs/trainingJob.js";
import { targetedLayers } from "../models/adapter.js";
import { decoderNames } from "../models/decoderParameters.js";
import { encoderNames } from "../models/encoderParameters.js";
import { firstTrained } from "../models/firstTrained.js";
import { logitsAtOnce } from "../models/logitsAtOnce.js";
import { isDecoder, type ModelConfig } from "../models/modelConfig.js";
import type { OptimizerMemory } from "./optimizerMemory.js";

/** What a training process keeps in memory. */
export interface MemoryInput {
  spec: Pick<TrainingSpec, "task" | "lora" | "microBatchTokens" | "recomputeActivations">;
  config: ModelConfig;
  /** Numbers of the model with its head, an adapter's not counted. */
  parameters: number;
  /** Those that training moves. */
  trained: readonly { name: string; shape: readonly number[] }[];
  optimizer: OptimizerMemory;
  /** Of the largest step, of the longest row, and of all validation rows. */
  tokens: { step: number; longestRow: number; validation: number };
}

/**
 * The most resident memory that a training process will have, in bytes. Numbers are counted as the engine keeps them; what the allocators and
 * the library take besides was measured (docs/performance.md).
 */
export function peakMemory({ spec, config, parameters, trained, optimizer, tokens }: MemoryInput): number {
  const size = (shape: readonly number[]) => shape.reduce((product, axis) => product * axis, 1);
  const table = config.vocabSize * config.hiddenSize;
  const ofAdapter = spec.lora ? trained.filter(({ name }) => name.includes(".lora_")).reduce((sum, { shape }) => sum + size(shape), 0) : 0;
  // A row that is longer than a micro-batch may be is one of its own.
  const atOnce = Math.max(spec.microBatchTokens, tokens.longestRow);
  const stepTokens = Math.min(tokens.step, atOnce);
  const looked = lookedUp(spec, config);
  const gradients = trained.reduce(
    (sum, { name, shape }) => sum + (looked.has(name) ? Math.min(size(shape), tokens.step * config.hiddenSize) : size(shape)),
    0,
  );
  const kept = activations(spec, config, trained) * stepTokens;
  const logits = spec.task === "causal_lm" ? 2 * Math.min(logitsAtOnce, stepTokens * config.vocabSize) : 0;
  const { layer, passing } = perToken(config);
  const evaluated = Math.min(atOnce, tokens.validation) * (layer + passing) + logits;
  const taken = gradients * (optimizer.drawsLabels ? 2 : 1);
  const added = addedTables(
    { spec, config, trained },
    { table, gradients, microBatches: Math.ceil(tokens.step / atOnce), chunks: Math.ceil((stepTokens * config.vocabSize) / logitsAtOnce) },
  );
  const passes = taken + added + optimizer.besideGradient + allocators * (kept + logits);
  const updating = taken + allocators * optimizer.updating + scattered.states * optimizer.moving + scattered.activations * kept;
  const evaluating = optimizer.besideEvaluation + allocators * evaluated;
  const numbers = parameters + ofAdapter + table + optimizer.state + Math.max(passes, updating, evaluating);
  return runtimeBytes + tokenizerBytes * config.vocabSize + 4 * numbers;
}

/**
 * Numbers beside the gradients while those of a language head are added: the sum so far, a part and the new sum are three tables at once, and
 * only from the second micro-batch on are all other gradients there too. A table that is looked up as well takes a new sum at the end.
 */
function addedTables(
  { spec, config, trained }: Pick<MemoryInput, "spec" | "config" | "trained">,
  { table, gradients, microBatches, chunks }: { table: number; gradients: number; microBatches: number; chunks: number },
): number {
  if (spec.task !== "causal_lm" || !isDecoder(config)) return 0;
  const { word, languageHead } = decoderNames[config.family];
  const head = config.tied ? word : `${languageHead}.weight`;
  if (!trained.some(({ name }) => name === head)) return 0;
  if (microBatches > 1) return 2 * table;
  return Math.max(config.tied ? table : 0, chunks > 1 ? 3 * table - gradients : 0);
}

/** Tables whose gradients are the rows that were looked up. */
function lookedUp({ task }: MemoryInput["spec"], config: ModelConfig): Set<string> {
  const tied = task === "causal_lm" && isDecoder(config) && config.tied;
  return new Set(tablesOf(config).slice(tied ? 1 : 0));
}

function tablesOf(config: ModelConfig): string[] {
  const names = isDecoder(config) ? decoderNames[config.family] : encoderNames[config.family];
  return [names.word, names.position, "type" in names ? names.type : undefined].filter((name) => name !== undefined);
}

/** Numbers that a token takes between forward and backward pass, and while a layer is computed. */
function activations(
  { lora, recomputeActivations = false }: MemoryInput["spec"],
  config: ModelConfig,
  trained: MemoryInput["trained"],
): number {
  const { layer, passing } = perToken(config);
  const reached =
    config.layers -
    Math.max(
      0,
      firstTrained(
        config,
        trained.map(({ name }) => name),
      ),
    );
  if (reached === 0) return layer + passing;
  const dropped = lora && lora.dropout > 0 ? targetedLayers(config, lora, "").layers.reduce((sum, { inputs }) => sum + inputs, 0) : 0;
  const ofAll = recomputeActivations ? reached * (isDecoder(config) ? 2 : 1) * config.hiddenSize + layer : reached * layer;
  return ofAll + (recomputeActivations ? dropped / config.layers : dropped) + passing;
}

/** Numbers of a token that a layer keeps for its backward pass, and those besides while it is computed. */
function perToken(config: ModelConfig): { layer: number; passing: number } {
  const { hiddenSize: hidden, intermediateSize, heads } = config;
  const [wide, queries, keys] = isDecoder(config)
    ? [(config.activation === "swiglu" ? 3 : 2) * intermediateSize, heads * config.headSize, config.kvHeads * config.headSize]
    : [2 * intermediateSize, hidden, hidden];
  // Input, queries, keys, values, what they are mixed to, two norms and what goes between them.
  return { layer: 4 * hidden + 2 * queries + 2 * keys + wide + heads, passing: wide + 4 * hidden };
}

/** Node, the library, and what its first products leave; and a tokenizer's for each of its tokens. */
const runtimeBytes = 475e6;
const tokenizerBytes = 900;
/** What is taken from the system for each number that is in use. */
const allocators = 1.15;
/**
 * TensorFlow's allocator keeps what was freed, in pieces: what stays unused of them, while an optimizer takes matrices as large as a table, of
 * states that have moved to other memory and of the activations of the passes before.
 */
const scattered = { states: 0.6, activations: 0.9 };
