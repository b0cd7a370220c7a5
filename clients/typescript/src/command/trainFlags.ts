/** One flag of `train` that is a field of the job. */
export interface TrainFlag {
  /** With what it takes, for example `--epochs <count>`. */
  flags: string;
  /** The field's path in the contract, below `training_job`. */
  path: string;
  kind: "text" | "number" | "integer" | "choice" | "switch";
  choices?: readonly string[];
  description: string;
}

/** Every field of a TrainingJob that is one value. The server checks ranges and fills in what is not given. */
export const trainFlags: readonly TrainFlag[] = [
  {
    flags: "--model <model>",
    path: "model",
    kind: "text",
    description: "a folder, a shipped model's name or an id of the Hugging Face hub (default: all-MiniLM-L6-v2)",
  },
  {
    flags: "--optimizer <name>",
    path: "optimizer.name",
    kind: "text",
    description: "see `stepwire optimizers`; required without --element",
  },
  {
    flags: "--learning-rate <rate>",
    path: "optimizer.hyperparameters.learning_rate",
    kind: "number",
    description: "peak learning rate (default: the optimizer's)",
  },
  {
    flags: "--weight-decay <value>",
    path: "optimizer.hyperparameters.weight_decay",
    kind: "number",
    description: "hyperparameter weight_decay",
  },
  { flags: "--momentum <value>", path: "optimizer.hyperparameters.momentum", kind: "number", description: "hyperparameter momentum" },
  { flags: "--beta1 <value>", path: "optimizer.hyperparameters.beta1", kind: "number", description: "hyperparameter beta1" },
  { flags: "--beta2 <value>", path: "optimizer.hyperparameters.beta2", kind: "number", description: "hyperparameter beta2" },
  { flags: "--epsilon <value>", path: "optimizer.hyperparameters.epsilon", kind: "number", description: "hyperparameter epsilon" },
  {
    flags: "--schedule <name>",
    path: "schedule.name",
    kind: "text",
    description:
      "linear (default), constant, cosine, cosine_with_restarts, cosine_with_min_lr, polynomial, inverse_sqrt, warmup_stable_decay, " +
      "one_cycle or reduce_on_plateau",
  },
  { flags: "--warmup-steps <count>", path: "schedule.warmup_steps", kind: "integer", description: "steps of linear warm-up" },
  { flags: "--warmup-ratio <share>", path: "schedule.warmup_ratio", kind: "number", description: "share of all steps used for warm-up" },
  {
    flags: "--max-grad-norm <norm>",
    path: "max_grad_norm",
    kind: "number",
    description: "clip the global gradient norm; 0: off (default: 1)",
  },
  { flags: "--epochs <count>", path: "epochs", kind: "number", description: "passes over the training rows (default: 3)" },
  { flags: "--max-steps <count>", path: "max_steps", kind: "integer", description: "optimizer steps, instead of --epochs" },
  { flags: "--batch-size <count>", path: "batch_size", kind: "integer", description: "examples in one optimizer step (default: 32)" },
  {
    flags: "--micro-batch-tokens <count>",
    path: "micro_batch_tokens",
    kind: "integer",
    description: "tokens computed at once: bounds memory",
  },
  { flags: "--max-length <tokens>", path: "max_length", kind: "integer", description: "longer texts are truncated (default: 128)" },
  { flags: "--max-train-rows <count>", path: "dataset.max_train_rows", kind: "integer", description: "train on this many rows only" },
  {
    flags: "--validation-fraction <share>",
    path: "dataset.validation_fraction",
    kind: "number",
    description: "share of the training rows set aside for validation when --eval is not given",
  },
  {
    flags: "--task <task>",
    path: "task",
    kind: "text",
    description: "classification, regression or causal_lm (default: what the data set is for)",
  },
  {
    flags: "--lora-rank <count>",
    path: "lora.rank",
    kind: "integer",
    description: "train a low-rank adapter of so many rows in the place of all weights (LoRA)",
  },
  {
    flags: "--lora-alpha <value>",
    path: "lora.alpha",
    kind: "number",
    description: "the adapter is scaled by this over its rank (default: 16)",
  },
  { flags: "--lora-dropout <rate>", path: "lora.dropout", kind: "number", description: "dropout of the adapter's input (default: 0)" },
  { flags: "--rslora", path: "lora.rslora", kind: "switch", description: "scale the adapter by alpha over the root of its rank" },
  {
    flags: "--precision <precision>",
    path: "precision",
    kind: "text",
    description: "of matrix products: float32 (default) or bfloat16",
  },
  {
    flags: "--recompute-activations",
    path: "recompute_activations",
    kind: "switch",
    description: "compute layers again for the backward pass instead of keeping them: less memory, more time",
  },
  { flags: "--train-split <name>", path: "dataset.train_split", kind: "text", description: "split to train on (default: train)" },
  {
    flags: "--validation-split <name>",
    path: "dataset.validation_split",
    kind: "text",
    description: "split to validate on (default: validation, or rows cut from the training split)",
  },
  { flags: "--split-seed <seed>", path: "dataset.split_seed", kind: "integer", description: "seed of that split" },
  { flags: "--seed <seed>", path: "seed", kind: "integer", description: "seed of shuffling, dropout and the new head (default: 0)" },
  {
    flags: "--evaluate-every <steps>",
    path: "evaluate_every",
    kind: "integer",
    description: "steps between evaluations on the validation rows; 0: at the end only (default: once an epoch)",
  },
  {
    flags: "--on-nan <policy>",
    path: "on_nan",
    kind: "choice",
    choices: ["fail", "skip"],
    description: "what to do when the loss or a gradient is not finite: fail or skip",
  },
  {
    flags: "--keep-training-state",
    path: "keep_training_state",
    kind: "switch",
    description: "keep the optimizer's state with the checkpoint, so that another job can go on from it",
  },
  {
    flags: "--resume-from <job>",
    path: "resume_from",
    kind: "text",
    description: "go on after the last step of a job that kept its training state; the number of steps counts those before",
  },
];

/** The flag's name, for example `--max-steps`. */
export function flagName({ flags }: TrainFlag): string {
  return flags.split(" ")[0] ?? flags;
}
