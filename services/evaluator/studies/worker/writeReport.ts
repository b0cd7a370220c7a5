import { fileURLToPath } from "node:url";
import { StepwireError, type TrainingJob } from "@stepwire/client";
import type { TrainingTask } from "#core/jobs/trainingJob.js";
import type { RunSettings, TestEvaluation } from "#core/studies/report/runOutcome.js";
import type { StudyRecord, StudyRun } from "#core/studies/study.js";
import { superviseRunner } from "#platform/superviseRunner.js";
import { patiently } from "./patiently.js";
import { curveArtifact } from "../curveArtifact.js";
import type { FailedRun, ReportInput, ReportMessage } from "../reportProtocol.js";
import { runSettings } from "./runSettings.js";
import type { StudyEnding } from "./driveStudy.js";
import type { StudyWorkerParts } from "./studyWorkerParts.js";

const runnerScript = fileURLToPath(import.meta.resolve("#evaluator/studies/reportRunner/main.js"));

/**
 * Compares what the final runs predicted and writes the report, in a child process: resampling would keep a supervisor from its leases.
 * @param onFailed told of the final runs whose predictions cannot be measured, before the report is there
 */
export async function writeReport(
  parts: StudyWorkerParts,
  study: StudyRecord,
  halt: AbortSignal,
  onFailed: (failed: readonly FailedRun[]) => Promise<void>,
): Promise<StudyEnding> {
  let said: ReportMessage | undefined;
  const write = async (folder: string) => {
    const input = await reportInput(parts, study, halt);
    const exit = await superviseRunner({
      script: runnerScript,
      logger: parts.logger,
      input: { ...input, folder },
      onMessage: (message) => {
        said = message as ReportMessage;
      },
      stop: halt,
      stopMs: parts.stopSeconds * 1000,
      kill: halt,
      stallMs: parts.stallSeconds * 1000,
    });
    if (said?.type === "error") throw new Unfinished(`the report could not be written: ${said.message}`, said.name !== "RangeError");
    if (said?.type !== "done")
      throw new Unfinished(`the report's runner ended without a word (${exit.signal ?? `exit code ${exit.code}`})`, true);
    await onFailed(said.failed);
  };
  try {
    await parts.artifacts.writeFolder(study.tenant, "studies", study.uid, write);
    return "SUCCEEDED";
  } catch (error) {
    if (halt.aborted) return "LOST";
    if (!(error instanceof Unfinished)) throw error;
    return { error: { code: "REPORT_CRASHED", message: error.message }, retry: error.retry };
  }
}

/** However long the trainer or the evaluator is away: all runs have ended, and nothing is lost by waiting. */
async function reportInput(parts: StudyWorkerParts, study: StudyRecord, halt: AbortSignal): Promise<Omit<ReportInput, "folder">> {
  const files: ReportInput["files"] = [];
  const settings: RunSettings[] = [];
  for (const run of study.runs) {
    const job = await patiently(parts, halt, () => jobOf(parts, run));
    if (job) settings.push(runSettings(run, job));
    if (run.phase !== "FINAL" || run.state !== "SUCCEEDED") continue;
    const { metrics } = await patiently(parts, halt, () => parts.stepwire.evaluations.get(run.evaluation ?? ""));
    if (!job || !metrics) {
      const message = job ? `evaluation "${run.evaluation}" has no metrics` : `training job "${run.trainingJob}" is gone`;
      throw new StepwireError("INTERNAL", message, { reason: job ? "NO_METRICS" : "JOB_NOT_FOUND" });
    }
    const { predictions: path, examples, classes, splitDigest } = metrics;
    files.push({
      trainingJob: run.trainingJob,
      predictions: { path, examples, classes: classes.length, task: job.task as TrainingTask },
      splitDigest,
      curve: parts.artifacts.path(study.tenant, "studies", curveArtifact(study.uid, run), "curve.json"),
    });
  }
  const evaluations = await patiently(parts, halt, () => testEvaluations(parts, study));
  return { study, files, settings, evaluations, now: new Date().toISOString() };
}

/** @returns undefined where it was deleted */
async function jobOf({ stepwire }: StudyWorkerParts, { trainingJob }: StudyRun): Promise<TrainingJob | undefined> {
  const job = await stepwire.jobs.get(trainingJob).catch((error: unknown) => {
    if (StepwireError.from(error).code !== "NOT_FOUND") throw error;
  });
  return job?.snapshot;
}

/** Whoever made them: each is a look at the test split. */
async function testEvaluations({ stepwire }: StudyWorkerParts, { declaration, runs }: StudyRecord): Promise<TestEvaluation[]> {
  const jobs = new Set(runs.map((run) => run.trainingJob));
  const found: TestEvaluation[] = [];
  for await (const { id, trainingJob, split, state } of stepwire.evaluations.list({ pageSize: 1000 }))
    if (jobs.has(trainingJob) && split === declaration.testSplit && state === "SUCCEEDED") found.push({ id, trainingJob });
  return found;
}

/** Makes the artifact store throw away a folder that has no complete report. */
class Unfinished extends Error {
  override readonly name = "Unfinished";

  constructor(
    message: string,
    /** Whether another try may do better. */
    readonly retry: boolean,
  ) {
    super(message);
  }
}
