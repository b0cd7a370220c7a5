import type { TrainingJob } from "@stepwire/client";
import { optimizerText } from "#core/studies/report/optimizerText.js";
import type { RunSettings } from "#core/studies/report/runOutcome.js";
import type { StudyRun } from "#core/studies/study.js";

/** What a run was really trained with, defaults included, for the fairness ledger: text by name; what is not set is left out. */
export function runSettings(run: StudyRun, job: TrainingJob): RunSettings {
  const { plan, schedule, dataset, lora, result } = job;
  const { origin, environment = {} } = result ?? {};
  const values: Record<string, string | undefined> = {
    optimizer: job.optimizer && optimizerText(job.optimizer, Object.keys(run.hyperparameters)),
    "tuned hyperparameters": run.phase === "FINAL" && Object.keys(run.hyperparameters).length > 0 ? text(run.hyperparameters) : undefined,
    task: job.task,
    model: job.model,
    "pretrained weights (SHA-256)": short(origin?.baseWeightsDigest),
    "tokenizer (SHA-256)": short(origin?.tokenizerDigest),
    "data set": dataset?.id,
    "training rows": plan && String(plan.trainRows),
    "training rows (SHA-256)": short(origin?.trainRowsDigest),
    "validation rows": plan && String(plan.validationRows),
    schedule: schedule && text({ name: schedule.name, warmup_steps: plan?.warmupSteps, ...schedule.options }),
    "optimizer steps": plan && String(plan.totalSteps),
    "batch size": String(job.batchSize),
    "tokens of one example at most": String(job.maxLength),
    "gradient clipping": String(job.maxGradNorm),
    precision: job.precision,
    adapter: lora ? text(lora) : "none: all weights are trained",
    "steps that are not finite": job.onNan,
    ...Object.fromEntries(Object.entries(environment).map(([name, value]) => [`environment: ${name}`, value])),
  };
  return {
    ...{ arm: run.arm, phase: run.phase, seed: run.seed, isComplete: result !== undefined },
    values: Object.fromEntries(
      Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ""),
    ),
  };
}

/** For example `learning_rate 0.001, idea rectify`. */
function text(fields: object): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined && (!Array.isArray(value) || value.length > 0))
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
}

function short(digest: string | undefined): string | undefined {
  return digest?.slice(0, 12);
}
