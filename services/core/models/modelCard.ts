import type { TrainingPlan, TrainingSpec } from "../jobs/trainingJob.js";
import type { Interval } from "../statistics/interval.js";

/** Where a model comes from, and how good it is. */
export interface ModelProvenance {
  spec: TrainingSpec;
  plan: TrainingPlan;
  dataset: { id: string; digest: string };
  /** SHA-256 (hex) of the weights beside the card. */
  weightsDigest: string;
  /** On the whole validation split, by name; empty when nothing was validated. */
  validation: Readonly<Record<string, Interval>>;
  skippedSteps: number;
  /** What exactness depends on. */
  environment: Readonly<Record<string, string>>;
}

/** README.md of a checkpoint, with the front matter that the Hugging Face hub reads. */
export function renderModelCard(provenance: ModelProvenance): string {
  const { spec, plan, dataset, validation, environment, weightsDigest, skippedSteps } = provenance;
  const pipeline = spec.task === "causal_lm" ? "text-generation" : "text-classification";
  const facts: [string, string][] = [
    ["base model", spec.model],
    ["task", spec.task],
    ["method", spec.lora ? `LoRA: ${settings({ ...spec.lora, targets: spec.lora.targets.join(" ") })}` : "all weights"],
    ["data set", `${dataset.id}, SHA-256 ${dataset.digest}`],
    ["rows", `${plan.trainRows} to train, ${plan.validationRows} to validate (${splits(spec)})`],
    ["optimizer", `${spec.optimizer.name}: ${settings(spec.optimizer.hyperparameters)}`],
    ["schedule", `${spec.schedule.name}, ${plan.warmupSteps} of ${plan.totalSteps} steps of warm-up`],
    ["batch size", `${spec.batchSize}`],
    ["max length", `${spec.maxLength} tokens`],
    ["gradient clipping", spec.maxGradNorm === 0 ? "none" : `at a global norm of ${spec.maxGradNorm}`],
    ["seed", `${spec.seed}`],
    ["precision", spec.precision ?? "float32"],
    ...(skippedSteps > 0 ? [["skipped steps", `${skippedSteps}, whose loss or gradient was not finite`] as [string, string]] : []),
    ["weights", `SHA-256 ${weightsDigest}`],
  ];
  const measured = Object.entries(validation).map(([name, interval]) => [name, estimate(interval)] as const);
  return [
    "---",
    "library_name: transformers",
    `pipeline_tag: ${pipeline}`,
    `base_model: ${JSON.stringify(spec.model)}`,
    `tags: [stepwire${spec.lora ? ", lora" : ""}]`,
    "---",
    "",
    `# ${escaped(spec.model)}, fine-tuned with ${spec.optimizer.name}`,
    "",
    "Made by Stepwire.",
    "",
    ...table(["", ""], facts),
    "",
    "## On the validation rows",
    "",
    ...(measured.length > 0 ? table(["metric", "estimate"], measured) : ["Nothing was measured."]),
    "",
    "Intervals are about the examples: how far other examples of the same kind would move the estimate. They say nothing of other seeds.",
    "",
    "## Made with",
    "",
    ...table(["", ""], Object.entries(environment)),
    "",
  ].join("\n");
}

function splits({ dataset }: TrainingSpec): string {
  const validation =
    dataset.validationSplit === undefined
      ? `${dataset.validationFraction} of it cut off with seed ${dataset.splitSeed}`
      : `split ${dataset.validationSplit}`;
  return `split ${dataset.trainSplit}, ${validation}`;
}

function settings(values: Readonly<Record<string, number | boolean | string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

function estimate({ estimate: value, lower, upper, level, method, unavailable }: Interval): string {
  const digits = (number: number) => number.toPrecision(4);
  if (lower === undefined || upper === undefined) return `${digits(value)} (no interval: ${unavailable})`;
  return `${digits(value)}, ${level * 100}% interval ${digits(lower)} to ${digits(upper)} (${method})`;
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [headings, headings.map(() => "---"), ...rows].map((row) => `| ${row.map(escaped).join(" | ")} |`);
}

/** Names are the caller's: they must not end a cell or a line. */
function escaped(text: string): string {
  return text.replace(/[\r\n]+/g, " ").replace(/[\\|<>[\]`*_#]/g, (character) => `\\${character}`);
}
