import { fileURLToPath } from "node:url";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import { splitFile } from "#core/datasets/splitFile.js";
import type { MetricPoint } from "#core/jobs/metricPoint.js";
import { canMove } from "#core/jobs/stateMachine.js";
import type { JobError, TrainingJobRecord, TrainingResult } from "#core/jobs/trainingJob.js";
import type { ArtifactStore } from "#platform/artifactStore.js";
import type { JobStream } from "#platform/jobStream.js";
import { isMine, newLease } from "#platform/lease.js";
import type { Logger } from "#platform/logger.js";
import { timestamp } from "#platform/protoJson.js";
import type { RecordStore } from "#platform/recordStore.js";
import { type RunnerExit, startRunner } from "#platform/runnerProcess.js";
import { objectToStruct } from "#platform/struct.js";
import { untilStored } from "#platform/untilStored.js";
import { locateModel, type ModelLocation } from "../modelFolder.js";
import { publishState } from "../publishState.js";
import type { RunnerInput, RunnerMessage } from "../runnerProtocol.js";
import { writeMetricPoint } from "../wire.js";

/** What a supervisor of training jobs needs. */
export interface WorkerParts {
  jobs: RecordStore<TrainingJobRecord>;
  datasets: RecordStore<DatasetRecord>;
  artifacts: ArtifactStore;
  stream: JobStream;
  logger: Logger;
  models: { roots: readonly string[]; shipped: string };
  hubCache: string;
  /** Names this supervisor in leases. */
  owner: string;
  leaseSeconds: number;
}

/** How an attempt ended, before it is written to the record. LOST: by no fault of the job, and another may go on. */
export type Ending =
  | { state: "SUCCEEDED"; result: TrainingResult }
  | { state: "FAILED"; error: Omit<JobError, "attempt"> }
  | { state: "CANCELLED" }
  | { state: "LOST" };

const runnerScript = fileURLToPath(import.meta.resolve("#trainer/runner/main.js"));

/** A runner that was asked to stop answers between two steps; one that does not is killed. Shorter than a service's grace. */
const stopMs = 7000;

/** Where an attempt puts its checkpoint: a superseded attempt that is still running cannot touch another's. */
export const attemptFolder = (job: TrainingJobRecord): string => `attempt-${job.attempt}`;

/** Runs a claimed job in a child process, forwards what it reports and keeps the lease; the caller writes the ending. */
export async function executeAttempt(parts: WorkerParts, claimed: TrainingJobRecord, signal: AbortSignal): Promise<Ending> {
  const { tenant, id, uid, attempt, spec } = claimed;
  const dataset = (await untilStored(() => parts.datasets.get(tenant, spec.dataset.id), parts.logger))?.record;
  if (!dataset) return failed("DATASET_NOT_FOUND", `the data set "${spec.dataset.id}" is gone`, "training_job.dataset.id");
  const location = await locateModel(spec.model, parts.models, "training_job.model").catch((error: unknown) => String(error));
  if (typeof location === "string") return failed("MODEL_UNAVAILABLE", location, "training_job.model");

  const identity = { uid, job: id, attempt };
  const seen: { latest?: MetricPoint; validationAccuracy?: number; logLines: number } = { logLines: 0 };
  const outcome: { ending?: Ending; cancelled: boolean; lost: boolean } = { cancelled: false, lost: false };
  const now = () => new Date().toISOString();
  const event = (kind: string, body: object) => {
    const message = { uid, job: id, time: timestamp(now()), ...body };
    void parts.stream.publishEvent(tenant, message, `${attempt}:${seen.latest?.step ?? 0}:${kind}`, claimed.traceparent);
  };
  // Before the first point, which it makes valid.
  event("attempt-started", { attempt_started: { attempt, from_step: 1 } });

  const onMessage = (message: RunnerMessage) => {
    switch (message.type) {
      case "started":
        markRunning().catch((error: unknown) => parts.logger.warn({ err: error, job: id }, "the state could not be written"));
        break;
      case "point": {
        const point: MetricPoint = { ...message.point, ...identity, time: now() };
        if (point.kind === "TRAIN") seen.latest = point;
        else if (point.accuracy !== undefined) seen.validationAccuracy = point.accuracy;
        void parts.stream.publishMetric(tenant, writeMetricPoint(point), claimed.traceparent);
        break;
      }
      case "log":
        event(`log-${++seen.logLines}`, {
          log: { level: message.level, message: message.message, attributes: objectToStruct(message.attributes) },
        });
        break;
      case "stopped":
        outcome.ending = outcome.cancelled ? { state: "CANCELLED" } : { state: "LOST" };
        break;
      case "done":
        outcome.ending = { state: "SUCCEEDED", result: message.result };
        event("checkpoint", { checkpoint_saved: { step: message.result.steps, weights_digest: message.result.weightsDigest } });
        break;
      case "failed":
        outcome.ending = { state: "FAILED", error: message.error };
        break;
    }
  };
  const runner = startRunner({
    script: runnerScript,
    logger: parts.logger,
    input: runnerInput(parts, claimed, dataset, location),
    onMessage: (message) => onMessage(message as RunnerMessage),
  });

  const markRunning = async () => {
    const change = () =>
      parts.jobs.change(tenant, id, (job) =>
        isMine(job, claimed) && canMove(job.state, "RUNNING") ? { ...job, state: "RUNNING", startTime: job.startTime ?? now() } : undefined,
      );
    const running = await untilStored(change, parts.logger);
    if (running) await publishState(parts.stream, running);
  };

  let killing: NodeJS.Timeout | undefined;
  const stop = () => {
    runner.stop();
    killing ??= setTimeout(() => runner.kill(), stopMs);
  };
  signal.addEventListener("abort", stop, { once: true });
  const watching = new AbortController();
  const watchCancellation = async () => {
    for await (const job of parts.jobs.watch(tenant, id, watching.signal)) {
      if (!isMine(job, claimed)) outcome.lost = true;
      if (job.state === "CANCELLING") outcome.cancelled = true;
      if (outcome.lost || outcome.cancelled) return stop();
    }
  };
  watchCancellation().catch((error: unknown) => parts.logger.debug({ err: error, job: id }, "the watch of the record ended"));

  let leaseEnds = Date.now() + parts.leaseSeconds * 1000;
  const renew = async () => {
    const asked = Date.now();
    const job = await parts.jobs.change(tenant, id, (job) =>
      isMine(job, claimed) ? { ...job, lease: newLease(parts), ...progressOf(claimed, seen) } : undefined,
    );
    if (job) leaseEnds = asked + parts.leaseSeconds * 1000;
    else outcome.lost = true;
    // The renewal also notices a cancellation that a broken watch missed.
    if (job?.state === "CANCELLING") outcome.cancelled = true;
    if (outcome.lost || outcome.cancelled) stop();
  };
  const renewal = setInterval(
    () => {
      renew().catch((error: unknown) => {
        parts.logger.warn({ err: error, job: id }, "the lease could not be renewed");
        if (Date.now() < leaseEnds) return;
        // Another worker may have the job by now: training on would be for nothing.
        outcome.lost = true;
        runner.kill();
      });
    },
    (parts.leaseSeconds * 1000) / 3,
  );

  const exit = await runner.exited;
  clearInterval(renewal);
  clearTimeout(killing);
  signal.removeEventListener("abort", stop);
  watching.abort();
  await parts.stream.flush(30_000);
  if (outcome.lost) return { state: "LOST" };
  const writeProgress = () =>
    parts.jobs.change(tenant, id, (job) =>
      isMine(job, claimed) ? { ...job, lease: newLease(parts), ...progressOf(claimed, seen) } : undefined,
    );
  await untilStored(writeProgress, parts.logger);
  return outcome.ending ?? crashed(exit, outcome.cancelled, signal.aborted);
}

function runnerInput(parts: WorkerParts, claimed: TrainingJobRecord, dataset: DatasetRecord, location: ModelLocation): RunnerInput {
  const { tenant, uid } = claimed;
  const file = (split: string) => parts.artifacts.path(tenant, "datasets", dataset.uid, splitFile(split));
  return {
    spec: claimed.spec,
    plan: claimed.plan,
    model: "folder" in location ? location : { hubId: location.hubId, cacheFolder: parts.hubCache },
    classes: dataset.classes,
    splitFiles: Object.fromEntries(dataset.splits.map(({ name }) => [name, file(name)])),
    checkpointFolder: parts.artifacts.path(tenant, "jobs", uid, attemptFolder(claimed), "checkpoint"),
    ...(claimed.traceparent !== undefined && { traceparent: claimed.traceparent }),
  };
}

function crashed(exit: RunnerExit, cancelled: boolean, stopping: boolean): Ending {
  if (cancelled) return { state: "CANCELLED" };
  if (stopping) return { state: "LOST" };
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

function progressOf(
  job: TrainingJobRecord,
  seen: { latest?: MetricPoint; validationAccuracy?: number },
): Pick<TrainingJobRecord, "progress"> {
  const { latest, validationAccuracy } = seen;
  if (!latest) return {};
  return {
    progress: {
      step: latest.step,
      totalSteps: job.plan.totalSteps,
      epoch: latest.epoch,
      ...(latest.loss !== undefined && { loss: latest.loss }),
      ...(validationAccuracy !== undefined && { validationAccuracy }),
      tokensPerSecond: latest.tokensPerSecond ?? 0,
      secondsLeft: (job.plan.totalSteps - latest.step) * (latest.stepSeconds ?? 0),
    },
  };
}
