import { messageJson } from "../mapping/messageJson.js";
import type { TrainingJob, TrainingPlan } from "../messages.js";
import { bytes, clock, decimals, table } from "./format.js";
import type { Output } from "./output.js";
import { shown, shownLong } from "./printable.js";

/** What a succeeded job leaves: the `result` line, or a few lines for people. */
export function reportResult(job: TrainingJob, output: Output): void {
  const { result } = job;
  if (!result) return;
  output.line("result", {
    id: job.id,
    uid: job.uid,
    state: job.state,
    model: job.model,
    dataset: job.dataset?.id,
    optimizer: job.optimizer?.name,
    hyperparameters: job.optimizer?.hyperparameters,
    seconds: result.trainSeconds,
    ...messageJson("stepwire.v1.TrainingResult", result, "plain"),
  });
  const validation = result.validationAccuracy === undefined ? "" : `, validation accuracy ${decimals(result.validationAccuracy)}`;
  const skipped = result.skippedSteps > 0 ? `, ${result.skippedSteps} steps skipped` : "";
  output.print(`training job ${shown(job.id)} (${shown(job.optimizer?.name ?? "?")} on ${shownLong(job.model)}) ${job.state}`);
  output.print(
    `  ${result.steps} steps in ${decimals(result.trainSeconds, 1)} s, final loss ${decimals(result.finalLoss, 4)}${validation}${skipped}`,
  );
  output.print(`  peak memory ${bytes(result.peakMemoryBytes)}`);
  output.print(`  checkpoint ${shownLong(result.checkpoint)}`);
}

/** Everything about a job. */
export function reportJob(job: TrainingJob, output: Output): void {
  output.line("job", messageJson("stepwire.v1.TrainingJob", job, "plain"));
  if (output.json) return;
  const { plan, dataset, optimizer, schedule } = job;
  const rows: [string, string | number | undefined][] = [
    ["id", job.id],
    ["state", job.state],
    ["created", job.createTime?.toISOString()],
    ["task", job.task || undefined],
    ["model", job.model],
    ["adapter", job.lora && adapterText(job.lora)],
    ["data set", dataset && [dataset.id, ...(dataset.maxTrainRows === undefined ? [] : [`${dataset.maxTrainRows} rows`])].join(", ")],
    ["validation", dataset && (dataset.validationSplit || `${dataset.validationFraction} of "${dataset.trainSplit}"`)],
    ["optimizer", optimizer?.name],
    ...settingRows(optimizer?.hyperparameters),
    ...(optimizer?.chain ?? []).map((element): [string, string] => ["  element", elementFlag(element)]),
    ...(optimizer?.wrappers ?? []).map((wrapper): [string, string] => ["  wrapper", elementFlag(wrapper)]),
    ...(optimizer?.groups ?? []).map((group): [string, string] => ["  group", groupFlag(group)]),
    [
      "schedule",
      schedule &&
        `${schedule.name}, ${schedule.warmupSteps === undefined ? `warm-up ratio ${schedule.warmupRatio ?? 0}` : `${schedule.warmupSteps} warm-up steps`}`,
    ],
    ...settingRows(schedule?.options),
    ["max grad norm", job.maxGradNorm],
    ["epochs", job.epochs],
    ["max steps", job.maxSteps],
    ["batch size", job.batchSize],
    ["max length", job.maxLength],
    ["seed", job.seed],
    ["precision", job.precision || undefined],
    ["activations", job.recomputeActivations ? "computed again for the backward pass" : undefined],
    ["training state", job.keepTrainingState ? "kept with the checkpoint" : undefined],
    ["goes on from", job.resumeFrom || undefined],
    [
      "labels",
      Object.entries(job.labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(", ") || undefined,
    ],
    [
      "plan",
      plan && `${planSteps(plan)} over ${plan.trainRows} rows, ${plan.validationRows} validation rows, ${plan.parameters} parameters`,
    ],
    ["expected", plan && `${clock(plan.expectedSeconds)}, ${bytes(plan.peakMemoryBytes)} peak memory`],
    [
      "progress",
      job.progress &&
        `step ${job.progress.step}/${job.progress.totalSteps}, loss ${decimals(job.progress.loss, 4)}, ${clock(job.progress.secondsLeft)} left`,
    ],
    ["attempt", job.attempt],
    ["error", job.error && `${job.error.code}: ${job.error.message}`],
    [
      "result",
      job.result &&
        `loss ${decimals(job.result.finalLoss, 4)}, validation accuracy ${decimals(job.result.validationAccuracy)}, ${decimals(job.result.trainSeconds, 1)} s`,
    ],
    ["checkpoint", job.result?.checkpoint],
  ];
  output.print(table(rows.filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)])));
}

type Lora = NonNullable<TrainingJob["lora"]>;

function adapterText({ rank, alpha, dropout, targets, rslora }: Lora): string {
  const settings = [`rank ${rank}`, `alpha ${alpha}`, `dropout ${dropout}`, ...(rslora ? ["rslora"] : [])];
  return `LoRA, ${settings.join(", ")}, beside ${targets.length > 0 ? targets.join(", ") : "the model's usual layers"}`;
}

type Optimizer = NonNullable<TrainingJob["optimizer"]>;

/** `12 steps`, or `steps 7 to 12` of a job that goes on from another. */
export function planSteps({ firstStep, totalSteps }: TrainingPlan): string {
  return firstStep > 1 ? `steps ${firstStep} to ${totalSteps}` : `${totalSteps} steps`;
}

function settingRows(settings: Readonly<Record<string, unknown>> | undefined): [string, string][] {
  return Object.entries(settings ?? {}).map(([name, value]) => [`  ${name}`, JSON.stringify(value)]);
}

/** As the flags take it: `lookahead:lookahead_steps=5,lookahead_alpha=0.5`. */
function elementFlag({ name, hyperparameters }: Optimizer["chain"][number]): string {
  return flagText(name, Object.entries(hyperparameters ?? {}));
}

function groupFlag({ pattern, learningRateScale, decayed }: Optimizer["groups"][number]): string {
  const given = Object.entries({ learning_rate_scale: learningRateScale, decayed });
  return flagText(
    pattern,
    given.filter(([, value]) => value !== undefined),
  );
}

function flagText(name: string, settings: readonly (readonly [string, unknown])[]): string {
  return settings.length === 0 ? name : `${name}:${settings.map(([key, value]) => `${key}=${String(value)}`).join(",")}`;
}
