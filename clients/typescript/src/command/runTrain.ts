import { messageJson } from "../mapping/messageJson.js";
import type { Dataset } from "../messages.js";
import type { Job } from "../resources/trainingJobs.js";
import type { Stepwire } from "../stepwire.js";
import { StepwireError } from "../stepwireError.js";
import { followJob } from "./followJob.js";
import { bytes } from "./format.js";
import { interrupt } from "./interrupt.js";
import type { Output } from "./output.js";
import { shown, shownLong } from "./printable.js";
import { readTrainOptions, type TrainOptions, type TrainRequest } from "./readTrainOptions.js";
import { reportEvaluation } from "./reportEvaluation.js";
import { planSteps, reportJob, reportResult } from "./reportJob.js";
import { withServices } from "./services.js";

/** @throws StepwireError when anything is wrong with the input, or the job or its evaluation did not succeed */
export async function runTrain(options: TrainOptions, output: Output): Promise<void> {
  const request = readTrainOptions(options);
  const runs = !options.validateOnly && !options.detach;
  const needs = { trainer: true, evaluator: runs && options.evaluate, mayStart: !options.detach, modelFolder: request.modelFolder };
  await withServices(options, needs, output, async (stepwire) => {
    const { signal } = interrupt();
    const dataset = await findDataset(stepwire, request, output, signal);
    const job = await stepwire.jobs.create(
      { ...request.job, dataset: { ...request.job.dataset, id: dataset.id } },
      { ...request.create, signal },
    );
    if (!runs) {
      if (options.validateOnly) reportJob(job.snapshot, output);
      else {
        output.line("job", messageJson("stepwire.v1.TrainingJob", job.snapshot, "plain"));
        output.print(shown(job.id));
      }
      return;
    }
    const { plan } = job.snapshot;
    output.note(`training job ${shown(job.id)}${plan ? `: ${planSteps(plan)} over ${plan.trainRows} rows` : ""}`);
    await followUntilEnd(job, output, signal);
    await job.result();
    const ended = await job.get();
    if (options.evaluate) await evaluate(stepwire, job.id, dataset, output, signal);
    reportResult(ended, output);
  });
}

async function findDataset(stepwire: Stepwire, request: TrainRequest, output: Output, signal: AbortSignal): Promise<Dataset> {
  if (!request.dataset) return await stepwire.datasets.get(request.job.dataset?.id ?? "", { signal });
  const onProgress = ({ sentBytes, totalBytes }: { sentBytes: number; totalBytes: number }): void =>
    output.live(`importing: ${bytes(sentBytes)} of ${bytes(totalBytes)}`);
  const dataset = await stepwire.datasets.import(request.dataset, { onProgress, signal });
  output.live("");
  output.line("dataset", messageJson("stepwire.v1.Dataset", dataset, "plain"));
  const splits = dataset.splits.map(({ name, rows }) => `${rows} ${shown(name)}`).join(", ");
  if (!output.json) output.note(`data set ${shown(dataset.id)}: ${splits} rows, ${dataset.classes.length} classes`);
  for (const warning of dataset.warnings) output.note(`warning: ${shownLong(warning)}`);
  return dataset;
}

/** Follows the job; an interrupt cancels it, and its end is still waited for. */
async function followUntilEnd(job: Job, output: Output, signal: AbortSignal): Promise<void> {
  let cancelling: Promise<unknown> = Promise.resolve();
  const cancel = (): void => {
    output.note(`cancelling training job ${shown(job.id)}; once more to leave at once`);
    // The job may have ended in the meantime: then the watch ends by itself.
    cancelling = job.cancel().catch((error: unknown) => output.note(StepwireError.from(error).message));
  };
  if (signal.aborted) cancel();
  else signal.addEventListener("abort", cancel, { once: true });
  try {
    await followJob(job, output);
  } finally {
    signal.removeEventListener("abort", cancel);
    await cancelling;
  }
}

async function evaluate(stepwire: Stepwire, trainingJob: string, dataset: Dataset, output: Output, signal: AbortSignal): Promise<void> {
  const split = dataset.splits.some(({ name }) => name === "test") ? "test" : undefined;
  output.live(`evaluating on ${split === undefined ? "what it validated on" : `"${split}"`}`);
  const evaluation = await stepwire.evaluations.create({ trainingJob, split }, { signal });
  const ended = await evaluation.result({ signal });
  output.live("");
  reportEvaluation(ended, output);
}
