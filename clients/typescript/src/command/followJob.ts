import { messageJson } from "../mapping/messageJson.js";
import type { MetricPoint, TrainingEvent } from "../messages.js";
import type { Job } from "../resources/trainingJobs.js";
import { clock, decimals } from "./format.js";
import type { Output } from "./output.js";
import { shown, shownLong } from "./printable.js";

const plainLineEveryMs = 5000;

/** Shows a job's events until it ends. Returns when it has ended, however it did. */
export async function followJob(job: Job, output: Output, signal?: AbortSignal): Promise<void> {
  const describe = progressText();
  let nextLine = 0;
  for await (const event of job.watch({ signal })) {
    writeLine(event, output);
    if (output.json) continue;
    if (event.metric?.kind === "EVALUATION") output.note(evaluationText(event.metric));
    else if (event.metric) {
      const text = describe(event.metric);
      output.live(text);
      const last = event.metric.step === event.metric.totalSteps;
      if (!output.terminal && (last || Date.now() >= nextLine)) {
        output.note(text);
        nextLine = Date.now() + plainLineEveryMs;
      }
    } else if (event.stateChange) output.note(`training job ${shown(job.id)} is ${event.stateChange.state}`);
    else if (event.attemptStarted && event.attemptStarted.attempt > 1)
      output.note(`attempt ${event.attemptStarted.attempt} goes on from step ${event.attemptStarted.fromStep}`);
    else if (event.log && event.log.level !== "info") output.note(`${shown(event.log.level)}: ${shownLong(event.log.message)}`);
  }
  output.live("");
}

/** The event as --json prints it; heartbeats are left out. */
function writeLine(event: TrainingEvent, output: Output): void {
  if (!output.json) return;
  const { job } = event;
  const time = event.time?.toISOString();
  if (event.metric) output.line("metric", messageJson("stepwire.v1.MetricPoint", event.metric, "proto3"));
  else if (event.stateChange) {
    const { state, error } = messageJson("stepwire.v1.StateChange", event.stateChange, "plain");
    output.line("state", { job, time, state, error });
  } else if (event.attemptStarted)
    output.line("attempt", { job, time, ...messageJson("stepwire.v1.AttemptStarted", event.attemptStarted, "plain") });
  else if (event.checkpointSaved)
    output.line("checkpoint", { job, time, ...messageJson("stepwire.v1.CheckpointSaved", event.checkpointSaved, "plain") });
  else if (event.log) output.line("log", { job, time, ...messageJson("stepwire.v1.LogLine", event.log, "plain") });
}

/** One line for each point; the time left comes from the pace since the first point of the attempt. */
function progressText(): (point: MetricPoint) => string {
  let first: MetricPoint | undefined;
  return (point) => {
    if (first?.attempt !== point.attempt) first = point;
    const steps = point.step - first.step;
    const milliseconds = (point.time?.getTime() ?? 0) - (first.time?.getTime() ?? 0);
    const left = steps > 0 ? ((milliseconds / steps) * (point.totalSteps - point.step)) / 1000 : undefined;
    return [
      `step ${point.step}/${point.totalSteps}`,
      `loss ${decimals(point.loss, 4)}`,
      ...(point.accuracy === undefined ? [] : [`accuracy ${decimals(point.accuracy)}`]),
      ...(point.tokensPerSecond === undefined ? [] : [`${Math.round(point.tokensPerSecond)} tokens/s`]),
      ...(left === undefined ? [] : [`${clock(left)} left`]),
    ].join("  ");
  };
}

function evaluationText({ step, loss, accuracy }: MetricPoint): string {
  return `after step ${step}: validation loss ${decimals(loss, 4)}, validation accuracy ${decimals(accuracy)}`;
}
