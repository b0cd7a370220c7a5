import { fileURLToPath } from "node:url";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import { splitFile } from "#core/datasets/splitFile.js";
import { evaluationEnded, type EvaluationMetrics, type EvaluationRecord } from "#core/evaluations/evaluation.js";
import type { JobError, TrainingJobRecord } from "#core/jobs/trainingJob.js";
import type { ArtifactStore } from "#platform/artifactStore.js";
import { isHeld, isMine, newLease } from "#platform/lease.js";
import type { Logger } from "#platform/logger.js";
import type { RecordStore } from "#platform/recordStore.js";
import { meter } from "#platform/telemetry.js";
import { untilStored } from "#platform/untilStored.js";
import { startRunner } from "#platform/runnerProcess.js";
import type { RunnerInput, RunnerMessage } from "../runnerProtocol.js";

/** What a supervisor of evaluations needs. */
export interface WorkerParts {
  evaluations: RecordStore<EvaluationRecord>;
  jobs: RecordStore<TrainingJobRecord>;
  datasets: RecordStore<DatasetRecord>;
  artifacts: ArtifactStore;
  logger: Logger;
  owner: string;
  leaseSeconds: number;
}

type Ending = { metrics: EvaluationMetrics } | { error: Omit<JobError, "attempt">; retry: boolean } | "LOST";

/** Attempts that may end without the evaluation's own doing before it is given up. */
const maxFailures = 3;

const runnerScript = fileURLToPath(import.meta.resolve("#evaluator/runner/main.js"));

/**
 * Claims one evaluation, runs it in a child process and writes its metrics, every write fenced by the attempt.
 * @returns milliseconds after which it should be looked at again, or undefined when it is done
 */
export async function runEvaluation(
  parts: WorkerParts,
  tenant: string,
  id: string,
  uid: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const found = (await parts.evaluations.get(tenant, id))?.record;
  if (!found || found.uid !== uid || evaluationEnded(found.state)) return undefined;
  const claimed = await claim(parts, found);
  if (!claimed) return parts.leaseSeconds * 1000;
  if (evaluationEnded(claimed.state)) return undefined;

  const ending = await execute(parts, claimed, signal);
  const failures = (claimed.failures ?? 0) + (ending === "LOST" ? 0 : 1);
  const again = ending === "LOST" || ("error" in ending && ending.retry && failures < maxFailures);
  const change = () =>
    parts.evaluations.change(tenant, id, (now) => {
      if (!isMine(now, claimed) || evaluationEnded(now.state)) return undefined;
      const { lease: _lease, ...rest } = now;
      if (again) return { ...rest, state: "QUEUED", failures };
      const ended = { ...rest, endTime: new Date().toISOString() };
      return "metrics" in ending
        ? { ...ended, state: "SUCCEEDED", metrics: ending.metrics }
        : { ...ended, state: "FAILED", error: { ...ending.error, attempt: now.attempt } };
    });
  const written = await untilStored(change, parts.logger);
  if (written && !again) meter().createCounter("stepwire.evaluations.ended").add(1, { state: written.state });
  return again ? 1000 * claimed.attempt : undefined;
}

async function claim(parts: WorkerParts, found: EvaluationRecord): Promise<EvaluationRecord | undefined> {
  return await parts.evaluations.change(found.tenant, found.id, (now) => {
    if (now.uid !== found.uid || evaluationEnded(now.state) || isHeld(now)) return undefined;
    // One that is running without a lease was left behind by a supervisor that died.
    const failures = (now.failures ?? 0) + (now.state === "RUNNING" ? 1 : 0);
    if (failures < maxFailures) return { ...now, state: "RUNNING", attempt: now.attempt + 1, failures, lease: newLease(parts) };
    const { lease: _lease, ...rest } = now;
    const error = {
      code: "ATTEMPTS_EXHAUSTED",
      message: `${failures} attempts ended without a word from their worker`,
      attempt: now.attempt,
    };
    return { ...rest, state: "FAILED", failures, endTime: new Date().toISOString(), error };
  });
}

async function execute(parts: WorkerParts, claimed: EvaluationRecord, signal: AbortSignal): Promise<Ending> {
  const { tenant, id } = claimed;
  const job = (await parts.jobs.get(tenant, claimed.trainingJob))?.record;
  if (!job?.result || job.uid !== claimed.trainingJobUid)
    return {
      error: { code: "JOB_NOT_FOUND", message: `training job "${claimed.trainingJob}" is gone`, field: "evaluation.training_job" },
      retry: false,
    };
  const dataset = (await parts.datasets.get(tenant, job.spec.dataset.id))?.record;
  if (!dataset)
    return {
      error: { code: "DATASET_NOT_FOUND", message: `the data set "${job.spec.dataset.id}" is gone`, field: "evaluation.split" },
      retry: false,
    };

  const state: { ending?: Ending; progress?: EvaluationRecord["progress"] } = {};
  // The predictions appear in the store whole or not at all.
  await parts.artifacts
    .writeFolder(tenant, "evaluations", claimed.uid, async (folder) => {
      const input: RunnerInput = {
        spec: job.spec,
        split: claimed.split,
        level: claimed.level,
        checkpointFolder: job.result?.checkpoint ?? "",
        weightsDigest: job.result?.weightsDigest ?? "",
        classes: dataset.classes,
        splitFiles: Object.fromEntries(
          dataset.splits.map((split) => [split.name, parts.artifacts.path(tenant, "datasets", dataset.uid, splitFile(split.name))]),
        ),
        predictionsFile: `${folder}/predictions.jsonl`,
        ...(claimed.traceparent !== undefined && { traceparent: claimed.traceparent }),
      };
      const runner = startRunner({
        script: runnerScript,
        logger: parts.logger,
        input,
        onMessage: (raw) => {
          const message = raw as RunnerMessage;
          if (message.type === "progress") state.progress = { examples: message.examples, totalExamples: message.totalExamples };
          else if (message.type === "failed") state.ending = { error: message.error, retry: false };
          else if (message.type === "done") {
            const predictions = parts.artifacts.path(tenant, "evaluations", claimed.uid, "predictions.jsonl");
            state.ending = { metrics: { ...message.metrics, predictions } };
          }
        },
      });
      const stop = () => runner.stop();
      signal.addEventListener("abort", stop, { once: true });
      const renewal = setInterval(
        () => {
          parts.evaluations
            .change(tenant, id, (now) =>
              isMine(now, claimed) ? { ...now, lease: newLease(parts), ...(state.progress && { progress: state.progress }) } : undefined,
            )
            .then((now) => (now ? undefined : runner.stop()))
            .catch((error: unknown) => parts.logger.warn({ err: error, evaluation: id }, "the lease could not be renewed"));
        },
        Math.min(1000, (parts.leaseSeconds * 1000) / 3),
      );
      const exit = await runner.exited;
      clearInterval(renewal);
      signal.removeEventListener("abort", stop);
      state.ending ??= signal.aborted
        ? "LOST"
        : {
            error: { code: "RUNNER_CRASHED", message: `the runner ended without a word (${exit.signal ?? `exit code ${exit.code}`})` },
            retry: true,
          };
      if (state.ending === "LOST" || "error" in state.ending) throw new Unfinished();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Unfinished)) throw error;
    });
  return state.ending ?? "LOST";
}

/** Makes the artifact store throw away a folder that has no complete predictions. */
class Unfinished extends Error {
  override readonly name = "Unfinished";
}
