import { writeFile } from "node:fs/promises";
import { type Evaluation, type Job, StepwireError, type TrainingJob, type TrainingJobInput } from "@stepwire/client";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import { collectCurve, type CurveCollector } from "#core/studies/runCurve.js";
import type { StudyArm, StudyRecord, StudyRun } from "#core/studies/study.js";
import { curveArtifact } from "../curveArtifact.js";
import { runJob } from "../runJob.js";
import { studyDataset } from "./studyDataset.js";
import { StudyFailure } from "./studyFailure.js";
import { patiently } from "./patiently.js";
import type { StudyWorkerParts } from "./studyWorkerParts.js";

/** What goes on around a run. */
export interface RunSurroundings {
  /** Aborted when the run has to be let go: somebody goes on with it later. */
  stop: AbortSignal;
  /** Told of every change, often. */
  onChange(run: StudyRun): void;
}

/**
 * Brings one run to its end: its training job, which may be there already, its curve, and of a final run the evaluation on the test split.
 * @returns the run as it ended
 * @throws StudyFailure for what ends the whole study; when `stop` is aborted, or for what is not the run's doing
 */
export async function driveRun(parts: StudyWorkerParts, study: StudyRecord, run: StudyRun, around: RunSurroundings): Promise<StudyRun> {
  const { stop } = around;
  const arm = study.declaration.arms.find(({ name }) => name === run.arm);
  if (!arm) throw new RangeError(`study "${study.id}" has no arm "${run.arm}"`);
  await studyDataset(parts, study, stop);
  const job = await patiently(parts, stop, () => findOrCreate(parts, study, arm, run));
  const collector = collectCurve();
  let current: StudyRun = { ...run, state: "RUNNING" };
  around.onChange(current);
  const ended = await patiently(parts, stop, () =>
    follow(job, collector, stop, (step, totalSteps) => {
      current = { ...current, step, totalSteps };
      around.onChange(current);
    }),
  );
  // An uid never comes again: what is there before and after was there all along.
  await studyDataset(parts, study, stop);
  if (ended.state !== "SUCCEEDED" || !ended.result) return failedRun(current, ended);
  const { result } = ended;
  current = {
    ...current,
    step: result.steps,
    totalSteps: result.steps,
    trainSeconds: result.trainSeconds,
    peakMemoryBytes: result.peakMemoryBytes,
    tokens: result.tokens,
    weightsDigest: result.weightsDigest,
    ...(result.validationAccuracy !== undefined && { validationAccuracy: result.validationAccuracy }),
    ...(result.validationLoss !== undefined && { validationLoss: result.validationLoss }),
  };
  if (run.phase === "TUNING") return { ...current, state: "SUCCEEDED" };

  const curve = JSON.stringify(collector.curve());
  await parts.artifacts.writeFolder(study.tenant, "studies", curveArtifact(study.uid, run), (folder) =>
    writeFile(`${folder}/curve.json`, curve),
  );
  const evaluation = await patiently(parts, stop, () => evaluate(parts, study, ended, stop));
  if (evaluation.state !== "SUCCEEDED") {
    const { code = "EVALUATION_CANCELLED", message = "its evaluation was cancelled" } = evaluation.error ?? {};
    return { ...current, state: "FAILED", evaluation: evaluation.id, error: { code, message } };
  }
  checkEvaluation(await studyDataset(parts, study, stop), study, ended, evaluation);
  return { ...current, state: "SUCCEEDED", evaluation: evaluation.id };
}

/** One call makes the job; whoever comes again, after a crash or for the same declaration, finds it. */
async function findOrCreate(parts: StudyWorkerParts, study: StudyRecord, arm: StudyArm, run: StudyRun): Promise<Job> {
  const found = await parts.stepwire.jobs.get(run.trainingJob).catch((error: unknown) => {
    const failure = StepwireError.from(error);
    if (failure.code !== "NOT_FOUND") throw failure;
  });
  if (found) return found;
  const labels = {
    ...(study.declaration.job as TrainingJobInput).labels,
    study: study.id,
    arm: run.arm,
    phase: run.phase.toLowerCase(),
    trial: String(run.trial),
  };
  const input = { ...runJob(study.declaration, arm, run), labels } as TrainingJobInput;
  return await parts.stepwire.jobs.create(input, { id: run.trainingJob, requestId: `study/${study.uid}/${run.trainingJob}` });
}

/** Goes through a job's events until it has ended. */
async function follow(
  job: Job,
  collector: CurveCollector,
  stop: AbortSignal,
  onStep: (step: number, totalSteps: number) => void,
): Promise<TrainingJob> {
  for await (const { metric, attemptStarted } of job.watch({ signal: stop })) {
    if (attemptStarted) collector.restart(attemptStarted.fromStep);
    if (metric?.kind === "TRAIN") {
      if (metric.loss !== undefined) collector.train(metric.step, metric.totalSteps, metric.loss);
      onStep(metric.step, metric.totalSteps);
    } else if (metric) {
      const value = metric.accuracy ?? metric.loss;
      if (value !== undefined) collector.validation(metric.step, value);
    }
  }
  return await job.get();
}

/** On the test split; the checkpoint's own uid is in the id, so that a job that was deleted and trained again is evaluated again. */
async function evaluate(parts: StudyWorkerParts, study: StudyRecord, job: TrainingJob, stop: AbortSignal): Promise<Evaluation> {
  const { testSplit: split, level } = study.declaration;
  const id = `${job.id.slice(0, 54)}-${job.uid.slice(0, 8)}`;
  const evaluation = await parts.stepwire.evaluations
    .create({ trainingJob: job.id, split, level }, { id, requestId: `study/${id}` })
    .catch(async (error: unknown) => {
      if (StepwireError.from(error).code !== "ALREADY_EXISTS") throw error;
      return await parts.stepwire.evaluations.get(id);
    });
  return await evaluation.result({ signal: stop }).catch(async (error: unknown) => {
    const now = await evaluation.get();
    if (now.state === "FAILED" || now.state === "CANCELLED") return now;
    throw error;
  });
}

/**
 * A verdict is about the split that was declared, whatever stands under the evaluation's id.
 * @throws StudyFailure
 */
function checkEvaluation(dataset: DatasetRecord, study: StudyRecord, job: TrainingJob, evaluation: Evaluation): void {
  const { testSplit } = study.declaration;
  const declared = dataset.splits.find(({ name }) => name === testSplit);
  const { trainingJob, split, metrics } = evaluation;
  if (trainingJob === job.id && split === testSplit && declared && metrics?.splitDigest === declared.digest) return;
  const message =
    `the evaluation "${evaluation.id}" of the job "${trainingJob}" is of other rows than the split "${testSplit}" of the data set has, ` +
    "which is what the study was declared to compare on";
  throw new StudyFailure("WRONG_TEST_SPLIT", message);
}

function failedRun(run: StudyRun, job: TrainingJob): StudyRun {
  if (job.state === "CANCELLED")
    return { ...run, state: "CANCELLED", error: { code: "TRAINING_JOB_CANCELLED", message: "its training job was cancelled" } };
  const { code = "UNKNOWN", message = "the trainer did not say why" } = job.error ?? {};
  return { ...run, state: "FAILED", error: { code, message } };
}
