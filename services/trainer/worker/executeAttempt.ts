import { fileURLToPath } from "node:url";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import { splitFile } from "#core/datasets/splitFile.js";
import { canMove } from "#core/jobs/stateMachine.js";
import type { JobError, TrainingJobRecord, TrainingResult, TrainingSpec } from "#core/jobs/trainingJob.js";
import { isMine } from "#platform/lease.js";
import type { RunnerExit } from "#platform/runnerProcess.js";
import { superviseRunner } from "#platform/superviseRunner.js";
import { untilStored } from "#platform/untilStored.js";
import { describeFailure } from "#engine/describeFailure.js";
import { checkpointFolder, checkpointName } from "../attemptFolder.js";
import { locateModel, type ModelLocation } from "../modelFolder.js";
import { publishState } from "../publishState.js";
import type { RunnerInput, RunnerMessage } from "../runnerProtocol.js";
import type { AttemptReport } from "./attemptReport.js";
import type { HeldJob } from "./holdJob.js";
import type { WorkerParts } from "./workerParts.js";

/** How an attempt ended, before it is written to the record. LOST: by no fault of the job, and another may go on. */
export type Ending =
  | { state: "SUCCEEDED"; result: TrainingResult }
  | { state: "FAILED"; error: Omit<JobError, "attempt"> }
  | { state: "CANCELLED" }
  | { state: "LOST" };

const runnerScript = fileURLToPath(import.meta.resolve("#trainer/runner/main.js"));

/**
 * Runs a held job in a child process whose messages go to `report`; the caller writes the ending.
 * @param signal aborted when this supervisor is asked to end: the attempt is LOST then, if it was not about to end anyway
 */
export async function executeAttempt(
  parts: WorkerParts,
  claimed: TrainingJobRecord,
  { held, report, signal }: { held: HeldJob; report: AttemptReport; signal: AbortSignal },
): Promise<Ending> {
  const { tenant, spec } = claimed;
  const dataset = (await untilStored(() => parts.datasets.get(tenant, spec.dataset.id), parts.logger, held.lost))?.record;
  if (!dataset) return failed("DATASET_NOT_FOUND", `the data set "${spec.dataset.id}" is gone`, "training_job.dataset.id");
  const location = await locate(parts, claimed).catch((error: unknown) => describeFailure(error));
  if ("error" in location) {
    if (location.log !== undefined) parts.logger.error({ job: claimed.id, err: location.log }, "the model could not be located");
    return { state: "FAILED", error: location.error };
  }
  if (held.cancelled.aborted) return { state: "CANCELLED" };

  const exit = await superviseRunner({
    script: runnerScript,
    logger: parts.logger,
    environment: precisionEnvironment(spec),
    input: runnerInput(parts, claimed, dataset, location),
    onMessage: (raw) => {
      const message = raw as RunnerMessage;
      if (message.type !== "started") return report.hear(message);
      markRunning(parts, claimed, message.spec, held.lost).catch((error: unknown) =>
        parts.logger.warn({ err: error, job: claimed.id }, "the state could not be written"),
      );
    },
    stop: AbortSignal.any([signal, held.cancelled]),
    stopMs: parts.stopSeconds * 1000,
    kill: held.lost,
    stallMs: parts.stallSeconds * 1000,
  });
  // What has ended by itself is kept, whoever had the job meanwhile: the record says whose word counts.
  if (report.result) return { state: "SUCCEEDED", result: report.result };
  if (report.error) return { state: "FAILED", error: report.error };
  if (held.lost.aborted) return { state: "LOST" };
  if (held.cancelled.aborted) return { state: "CANCELLED" };
  if (signal.aborted) return { state: "LOST" };
  return crashed(exit, parts.stallSeconds);
}

/** Where the job's weights come from: its model, or the checkpoint that it goes on from. */
async function locate({ models, artifacts }: WorkerParts, { tenant, spec, resume }: TrainingJobRecord): Promise<ModelLocation> {
  if (!resume) return await locateModel(spec.model, models, "training_job.model");
  const folder = checkpointFolder(artifacts, tenant, resume);
  return { folder, roots: [folder], name: checkpointName(spec.resumeFrom ?? "") };
}

/** TensorFlow reads it when it is loaded. Without oneDNN no precision but float32 is heeded. */
function precisionEnvironment({ precision }: TrainingSpec): Record<string, string> {
  return precision === "bfloat16" ? { TF_SET_ONEDNN_FPMATH_MODE: "BF16", TF_ENABLE_ONEDNN_OPTS: "1" } : { TF_SET_ONEDNN_FPMATH_MODE: "" };
}

async function markRunning(parts: WorkerParts, claimed: TrainingJobRecord, spec: TrainingSpec, lost: AbortSignal): Promise<void> {
  const change = () =>
    parts.jobs.change(claimed.tenant, claimed.id, (job) =>
      isMine(job, claimed) && canMove(job.state, "RUNNING")
        ? { ...job, spec, state: "RUNNING", startTime: job.startTime ?? new Date().toISOString() }
        : undefined,
    );
  const running = await untilStored(change, parts.logger, lost);
  if (running) await publishState(parts.stream, running);
}

function runnerInput(parts: WorkerParts, claimed: TrainingJobRecord, dataset: DatasetRecord, location: ModelLocation): RunnerInput {
  const { tenant } = claimed;
  const file = (split: string) => parts.artifacts.path(tenant, "datasets", dataset.uid, splitFile(split));
  return {
    spec: claimed.spec,
    plan: claimed.plan,
    model: "folder" in location ? location : { hubId: location.hubId, cacheFolder: parts.hubCache },
    dataset: { id: dataset.id, digest: dataset.digest },
    classes: dataset.classes,
    splitFiles: Object.fromEntries(dataset.splits.map(({ name }) => [name, file(name)])),
    checkpointFolder: checkpointFolder(parts.artifacts, tenant, claimed),
    ...(claimed.traceparent !== undefined && { traceparent: claimed.traceparent }),
  };
}

function crashed(exit: RunnerExit, stallSeconds: number): Ending {
  if (exit.stalled) return failed("RUNNER_STALLED", `the runner showed no progress for ${stallSeconds} seconds and was killed`);
  return exit.signal === "SIGKILL"
    ? failed(
        "OUT_OF_MEMORY",
        "the runner was killed, most likely for want of memory; a smaller micro_batch_tokens needs less",
        "training_job.micro_batch_tokens",
      )
    : failed("RUNNER_CRASHED", `the runner ended without a word (${exit.signal ?? `exit code ${exit.code}`})`);
}

function failed(code: string, message: string, field?: string): Extract<Ending, { state: "FAILED" }> {
  return { state: "FAILED", error: { code, message, ...(field !== undefined && { field }) } };
}
