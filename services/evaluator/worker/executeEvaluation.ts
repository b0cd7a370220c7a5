import { fileURLToPath } from "node:url";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import { splitFile } from "#core/datasets/splitFile.js";
import type { EvaluationMetrics, EvaluationRecord } from "#core/evaluations/evaluation.js";
import type { JobError, TrainingJobRecord } from "#core/jobs/trainingJob.js";
import type { RunnerExit } from "#platform/runnerProcess.js";
import { superviseRunner } from "#platform/superviseRunner.js";
import { untilStored } from "#platform/untilStored.js";
import type { RunnerInput, RunnerMessage } from "../runnerProtocol.js";
import type { WorkerParts } from "./workerParts.js";

/** How an attempt ended. LOST: by no fault of the evaluation, and another may go on. */
export type Ending = { metrics: EvaluationMetrics } | { error: Omit<JobError, "attempt">; retry: boolean } | "LOST";

/** What goes on around an attempt. */
export interface EvaluationAttempt {
  /** Aborted once the lease is lost. */
  lost: AbortSignal;
  /** Aborted when this supervisor is asked to end. */
  signal: AbortSignal;
  onProgress(progress: EvaluationRecord["progress"]): void;
}

const runnerScript = fileURLToPath(import.meta.resolve("#evaluator/runner/main.js"));

/** Runs a claimed evaluation in a child process and stores its predictions; the caller writes the ending. */
export async function executeEvaluation(parts: WorkerParts, claimed: EvaluationRecord, attempt: EvaluationAttempt): Promise<Ending> {
  const { tenant } = claimed;
  const job = (await untilStored(() => parts.jobs.get(tenant, claimed.trainingJob), parts.logger, attempt.lost))?.record;
  if (!job?.result || job.uid !== claimed.trainingJobUid)
    return failed("JOB_NOT_FOUND", `training job "${claimed.trainingJob}" is gone`, "evaluation.training_job");
  const dataset = (await untilStored(() => parts.datasets.get(tenant, job.spec.dataset.id), parts.logger, attempt.lost))?.record;
  if (!dataset) return failed("DATASET_NOT_FOUND", `the data set "${job.spec.dataset.id}" is gone`, "evaluation.split");

  let ending: Ending = "LOST";
  // The predictions appear in the store whole or not at all.
  const write = async (folder: string) => {
    ending = await predict(parts, claimed, attempt, runnerInput(parts, claimed, job, dataset, folder));
    if (!isComplete(ending)) throw new Unfinished();
  };
  await parts.artifacts.writeFolder(tenant, "evaluations", claimed.uid, write).catch((error: unknown) => {
    if (!(error instanceof Unfinished)) throw error;
  });
  return ending;
}

async function predict(parts: WorkerParts, claimed: EvaluationRecord, attempt: EvaluationAttempt, input: RunnerInput): Promise<Ending> {
  const { lost, signal } = attempt;
  let said: Ending | undefined;
  const exit = await superviseRunner({
    script: runnerScript,
    logger: parts.logger,
    input,
    onMessage: (raw) => {
      const message = raw as RunnerMessage;
      if (message.type === "progress") attempt.onProgress({ examples: message.examples, totalExamples: message.totalExamples });
      else if (message.type === "failed") said = { error: message.error, retry: false };
      else {
        const predictions = parts.artifacts.path(claimed.tenant, "evaluations", claimed.uid, "predictions.jsonl");
        said = { metrics: { ...message.metrics, predictions } };
      }
    },
    stop: signal,
    stopMs: parts.stopSeconds * 1000,
    kill: lost,
    stallMs: parts.stallSeconds * 1000,
  });
  // Another supervisor may be writing the same predictions by now.
  if (lost.aborted) return "LOST";
  return said ?? (signal.aborted ? "LOST" : crashed(exit, parts.stallSeconds));
}

function runnerInput(
  parts: WorkerParts,
  claimed: EvaluationRecord,
  job: TrainingJobRecord,
  dataset: DatasetRecord,
  folder: string,
): RunnerInput {
  const file = (split: string) => parts.artifacts.path(claimed.tenant, "datasets", dataset.uid, splitFile(split));
  return {
    spec: job.spec,
    split: claimed.split,
    intervals: claimed.intervals,
    checkpointFolder: job.result?.checkpoint ?? "",
    weightsDigest: job.result?.weightsDigest ?? "",
    classes: dataset.classes,
    splitFiles: Object.fromEntries(dataset.splits.map(({ name }) => [name, file(name)])),
    predictionsFile: `${folder}/predictions.jsonl`,
    ...(claimed.traceparent !== undefined && { traceparent: claimed.traceparent }),
  };
}

function crashed(exit: RunnerExit, stallSeconds: number): Ending {
  const error = exit.stalled
    ? { code: "RUNNER_STALLED", message: `the runner showed no progress for ${stallSeconds} seconds and was killed` }
    : exit.signal === "SIGKILL"
      ? { code: "OUT_OF_MEMORY", message: "the runner was killed, most likely for want of memory" }
      : { code: "RUNNER_CRASHED", message: `the runner ended without a word (${exit.signal ?? `exit code ${exit.code}`})` };
  return { error, retry: true };
}

function failed(code: string, message: string, field: string): Ending {
  return { error: { code, message, field }, retry: false };
}

function isComplete(ending: Ending): boolean {
  return ending !== "LOST" && "metrics" in ending;
}

/** Makes the artifact store throw away a folder that has no complete predictions. */
class Unfinished extends Error {
  override readonly name = "Unfinished";
}
