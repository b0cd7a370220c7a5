import { fileURLToPath } from "node:url";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import { splitFile } from "#core/datasets/splitFile.js";
import type { MetricPoint } from "#core/jobs/metricPoint.js";
import { canMove, isTerminal } from "#core/jobs/stateMachine.js";
import type { JobError, TrainingJobRecord, TrainingResult } from "#core/jobs/trainingJob.js";
import type { ArtifactStore } from "#platform/artifactStore.js";
import type { JobStream } from "#platform/jobStream.js";
import type { Logger } from "#platform/logger.js";
import { objectToStruct } from "#platform/struct.js";
import { meter } from "#platform/telemetry.js";
import { timestamp } from "#platform/protoJson.js";
import type { RecordStore } from "#platform/recordStore.js";
import { type RunnerExit, startRunner } from "#platform/runnerProcess.js";
import { locateModel } from "../modelFolder.js";
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

/** How an execution ended, before it is written to the record. */
type Ending =
  | { state: "SUCCEEDED"; result: TrainingResult }
  | { state: "FAILED"; error: Omit<JobError, "attempt"> }
  | { state: "CANCELLED" }
  | { state: "LOST" };

/** Failures of the machine, not of the job: worth another attempt. */
const maxAttempts = 3;

const runnerScript = fileURLToPath(import.meta.resolve("#trainer/runner/main.js"));

/**
 * Claims one job, runs it in a child process and writes how it ended.
 * Every write after the claim is fenced by the attempt: a supervisor whose job was taken over changes nothing.
 * @returns milliseconds after which the job should be looked at again, or undefined when it is done
 */
export async function runJob(
  parts: WorkerParts,
  tenant: string,
  id: string,
  uid: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const found = (await parts.jobs.get(tenant, id))?.record;
  if (!found || found.uid !== uid || isTerminal(found.state)) return undefined;
  if (found.state === "CANCELLING" && !held(found)) {
    await end(parts, found, { state: "CANCELLED" });
    return undefined;
  }
  const claimed = await claim(parts, found);
  if (!claimed) return parts.leaseSeconds * 1000;
  await publishState(parts.stream, claimed);

  const ending = await execute(parts, claimed, signal);
  if (ending.state === "FAILED" && retryable.has(ending.error.code) && claimed.attempt < maxAttempts) {
    parts.logger.warn({ job: id, attempt: claimed.attempt, error: ending.error }, "attempt failed, the job is queued again");
    await requeue(parts, claimed);
    return 1000 * 2 ** claimed.attempt;
  }
  if (ending.state === "LOST") {
    // The supervisor is shutting down or lost its lease: whoever holds the job next goes on.
    await requeue(parts, claimed);
    return 0;
  }
  await end(parts, claimed, ending);
  return undefined;
}

const retryable = new Set(["RUNNER_CRASHED", "OUT_OF_MEMORY"]);

const held = (job: TrainingJobRecord): boolean => job.lease !== undefined && Date.parse(job.lease.expires) > Date.now();

const mine = (job: TrainingJobRecord, claimed: TrainingJobRecord): boolean => job.uid === claimed.uid && job.attempt === claimed.attempt;

function lease(parts: WorkerParts): { owner: string; expires: string } {
  return { owner: parts.owner, expires: new Date(Date.now() + parts.leaseSeconds * 1000).toISOString() };
}

async function claim(parts: WorkerParts, job: TrainingJobRecord): Promise<TrainingJobRecord | undefined> {
  return await parts.jobs.change(job.tenant, job.id, (now) => {
    if (now.uid !== job.uid || held(now) || !(now.state === "QUEUED" || now.state === "VALIDATING" || now.state === "RUNNING"))
      return undefined;
    return { ...now, state: "VALIDATING", attempt: now.attempt + 1, lease: lease(parts) };
  });
}

async function requeue(parts: WorkerParts, claimed: TrainingJobRecord): Promise<void> {
  const queued = await parts.jobs.change(claimed.tenant, claimed.id, (now) => {
    if (!mine(now, claimed) || (now.state !== "RUNNING" && now.state !== "VALIDATING")) return undefined;
    const { lease: _lease, ...rest } = now;
    return { ...rest, state: "QUEUED" };
  });
  if (queued) await publishState(parts.stream, queued);
}

async function end(parts: WorkerParts, claimed: TrainingJobRecord, ending: Exclude<Ending, { state: "LOST" }>): Promise<void> {
  if (ending.state !== "SUCCEEDED") await parts.artifacts.remove(claimed.tenant, "jobs", claimed.uid);
  const written = await parts.jobs.change(claimed.tenant, claimed.id, (now) => {
    if (!mine(now, claimed) || isTerminal(now.state)) return undefined;
    const { lease: _lease, ...rest } = now;
    // A job that was finished before the cancellation reached it has succeeded no more than one that was not: the caller said stop.
    const state = now.state === "CANCELLING" ? "CANCELLED" : ending.state;
    return {
      ...rest,
      state,
      endTime: new Date().toISOString(),
      ...(state === "FAILED" && ending.state === "FAILED" && { error: { ...ending.error, attempt: now.attempt } }),
      ...(state === "SUCCEEDED" && ending.state === "SUCCEEDED" && { result: ending.result }),
    };
  });
  if (written?.state === "CANCELLED" && ending.state === "SUCCEEDED") await parts.artifacts.remove(claimed.tenant, "jobs", claimed.uid);
  if (!written) return;
  meter().createCounter("stepwire.training_jobs.ended").add(1, { state: written.state, optimizer: written.spec.optimizer.name });
  await publishState(parts.stream, written);
}

async function execute(parts: WorkerParts, claimed: TrainingJobRecord, signal: AbortSignal): Promise<Ending> {
  const { tenant, id, uid, attempt, spec } = claimed;
  const dataset = (await parts.datasets.get(tenant, spec.dataset.id))?.record;
  if (!dataset) return failed("DATASET_NOT_FOUND", `the data set "${spec.dataset.id}" is gone`, "training_job.dataset.id");
  const location = await locateModel(spec.model, parts.models, "training_job.model").catch((error: unknown) => String(error));
  if (typeof location === "string") return failed("MODEL_UNAVAILABLE", location, "training_job.model");

  const input: RunnerInput = {
    spec,
    plan: claimed.plan,
    model: "folder" in location ? location : { hubId: location.hubId, cacheFolder: parts.hubCache },
    classes: dataset.classes,
    splitFiles: Object.fromEntries(
      dataset.splits.map((split) => [split.name, parts.artifacts.path(tenant, "datasets", dataset.uid, splitFile(split.name))]),
    ),
    checkpointFolder: parts.artifacts.path(tenant, "jobs", uid, "checkpoint"),
    ...(claimed.traceparent !== undefined && { traceparent: claimed.traceparent }),
  };

  const identity = { uid, job: id, attempt };
  const progress: { latest?: MetricPoint; validationAccuracy?: number } = {};
  const outcome: { ending?: Ending; cancelled: boolean; lost: boolean } = { cancelled: false, lost: false };
  const now = () => new Date().toISOString();
  const event = async (kind: string, body: object) =>
    await parts.stream.publishEvent(
      tenant,
      { uid, job: id, time: timestamp(now()), ...body },
      `${attempt}:${progress.latest?.step ?? 0}:${kind}`,
      claimed.traceparent,
    );
  let logLines = 0;

  const runner = startRunner({
    script: runnerScript,
    logger: parts.logger,
    input,
    onMessage: (raw) => {
      const message = raw as RunnerMessage;
      switch (message.type) {
        case "started":
          void markRunning();
          break;
        case "point": {
          const point: MetricPoint = { ...message.point, ...identity, time: now() };
          if (point.kind === "TRAIN") progress.latest = point;
          else if (point.accuracy !== undefined) progress.validationAccuracy = point.accuracy;
          void parts.stream.publishMetric(tenant, writeMetricPoint(point), claimed.traceparent);
          break;
        }
        case "log":
          void event(`log-${++logLines}`, {
            log: { level: message.level, message: message.message, attributes: objectToStruct(message.attributes) },
          });
          break;
        case "stopped":
          outcome.ending = outcome.cancelled ? { state: "CANCELLED" } : { state: "LOST" };
          break;
        case "done":
          outcome.ending = { state: "SUCCEEDED", result: message.result };
          void event("checkpoint", { checkpoint_saved: { step: message.result.steps, weights_digest: message.result.weightsDigest } });
          break;
        case "failed":
          outcome.ending = { state: "FAILED", error: message.error };
          break;
      }
    },
  });

  const markRunning = async () => {
    const running = await parts.jobs.change(tenant, id, (job) =>
      mine(job, claimed) && canMove(job.state, "RUNNING") ? { ...job, state: "RUNNING", startTime: job.startTime ?? now() } : undefined,
    );
    if (running) await publishState(parts.stream, running);
    await event("attempt-started", { attempt_started: { attempt, from_step: 1 } });
  };

  const stop = () => runner.stop();
  signal.addEventListener("abort", stop, { once: true });
  const watching = new AbortController();
  const cancellation = watchCancellation();
  async function watchCancellation(): Promise<void> {
    for await (const job of parts.jobs.watch(tenant, id, watching.signal)) {
      if (!mine(job, claimed)) outcome.lost = true;
      if (job.state === "CANCELLING") outcome.cancelled = true;
      if (outcome.lost || outcome.cancelled) return runner.stop();
    }
  }
  const renewal = setInterval(
    () => {
      parts.jobs
        .change(tenant, id, (job) => (mine(job, claimed) ? { ...job, lease: lease(parts), ...progressOf(claimed, progress) } : undefined))
        .then((job) => (job ? undefined : runner.stop()))
        .catch((error: unknown) => parts.logger.warn({ err: error, job: id }, "the lease could not be renewed"));
    },
    Math.min(1000, (parts.leaseSeconds * 1000) / 3),
  );

  const exit = await runner.exited;
  clearInterval(renewal);
  signal.removeEventListener("abort", stop);
  watching.abort();
  await cancellation.catch((error: unknown) => parts.logger.debug({ err: error }, "the watch for cancellation ended"));
  await parts.stream.flush(30_000);
  await parts.jobs.change(tenant, id, (job) => (mine(job, claimed) ? { ...job, ...progressOf(claimed, progress) } : undefined));
  if (outcome.lost) return { state: "LOST" };
  return outcome.ending ?? crashed(exit, outcome.cancelled, signal.aborted);
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
  const perStep = latest.stepSeconds ?? 0;
  return {
    progress: {
      step: latest.step,
      totalSteps: job.plan.totalSteps,
      epoch: latest.epoch,
      ...(latest.loss !== undefined && { loss: latest.loss }),
      ...(validationAccuracy !== undefined && { validationAccuracy }),
      tokensPerSecond: latest.tokensPerSecond ?? 0,
      secondsLeft: (job.plan.totalSteps - latest.step) * perStep,
    },
  };
}
