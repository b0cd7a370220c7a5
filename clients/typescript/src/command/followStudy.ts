import { messageJson } from "../mapping/messageJson.js";
import type { Study, StudyRun } from "../messages.js";
import type { StudyHandle } from "../resources/studies.js";
import { clock, decimals, numeral } from "./format.js";
import type { Output } from "./output.js";
import { shown, shownLong } from "./printable.js";

const plainLineEveryMs = 30_000;

/** Shows a study until it ends: a line for each run that has ended, and where the study is. */
export async function followStudy(study: StudyHandle, output: Output, signal?: AbortSignal): Promise<void> {
  const told = new Map<string, string>();
  let nextLine = 0;
  let state = "";
  for await (const now of study.watch({ signal })) {
    for (const run of now.runs.filter(hasEnded).filter(({ trainingJob, state: ended }) => told.get(trainingJob) !== ended)) {
      told.set(run.trainingJob, run.state);
      output.line("run", { study: now.id, ...runJson(now, run) });
      if (!output.json) output.note(runText(run));
    }
    if (now.progress)
      output.line("progress", { study: now.id, state: now.state, ...messageJson("stepwire.v1.StudyProgress", now.progress, "plain") });
    if (output.json) continue;
    const text = progressText(now);
    output.live(text);
    if (!output.terminal && (Date.now() >= nextLine || now.state !== state)) {
      output.note(text);
      nextLine = Date.now() + plainLineEveryMs;
    }
    state = now.state;
  }
  output.live("");
}

function hasEnded({ state }: StudyRun): boolean {
  return state === "SUCCEEDED" || state === "FAILED" || state === "CANCELLED";
}

function runJson(study: Study, run: StudyRun): object {
  const [json] = messageJson("stepwire.v1.Study", { ...study, runs: [run] }, "plain")["runs"] as object[];
  return json ?? {};
}

function runText(run: StudyRun): string {
  const { arm, phase, trial, seed, hyperparameters, trainSeconds, validationAccuracy, validationLoss } = run;
  const chosen = Object.entries(hyperparameters ?? {})
    .map(([name, value]) => `${name} ${typeof value === "number" ? numeral(value) : JSON.stringify(value)}`)
    .join(", ");
  const which = phase === "TUNING" ? `trial ${trial}` : "final";
  const head = `${shown(arm)} ${which}, seed ${seed}${chosen === "" ? "" : ` (${shown(chosen)})`}`;
  if (run.state !== "SUCCEEDED") return `${head}: ${run.state} ${shownLong(run.error?.message ?? "")}`.trimEnd();
  const measured = [
    ...(validationAccuracy === undefined ? [] : [`validation accuracy ${decimals(validationAccuracy)}`]),
    ...(validationLoss === undefined ? [] : [`loss ${decimals(validationLoss, 4)}`]),
    `${clock(trainSeconds ?? 0)} of training`,
  ];
  return `${head}: ${measured.join(", ")}`;
}

function progressText({ state, progress, runs }: Study): string {
  if (!progress) return state;
  const running = runs
    .filter((run) => run.state === "RUNNING")
    .map(({ arm, step, totalSteps }) => `${shown(arm)} ${step}/${totalSteps || "?"}`);
  return [
    `${progress.done}/${progress.runs} runs`,
    ...(progress.failed > 0 ? [`${progress.failed} failed`] : []),
    `${progress.left} to come`,
    ...(state === "RUNNING" ? [] : [state]),
    ...(progress.secondsLeft === undefined ? [] : [`${clock(progress.secondsLeft)} left`]),
    ...running,
  ].join("  ");
}
