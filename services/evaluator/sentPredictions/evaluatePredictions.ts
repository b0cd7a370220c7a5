import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { status } from "@grpc/grpc-js";
import type { EvaluatePredictionsRequest } from "@stepwire/proto";
import { canonicalDigest } from "#core/canonicalDigest.js";
import type { EvaluationRecord } from "#core/evaluations/evaluation.js";
import type { ArtifactStore } from "#platform/artifactStore.js";
import { type ProcessLimits, runCheckingProcess } from "#platform/checkingProcess.js";
import { diskFault, exhausted } from "#platform/exhausted.js";
import type { CallContext } from "#platform/handlers.js";
import type { Logger } from "#platform/logger.js";
import { isNatsAway } from "#platform/natsAway.js";
import { RecordExists, type RecordStore } from "#platform/recordStore.js";
import { createSlots } from "#platform/slots.js";
import { alreadyExists, invalidArgument, StatusError } from "#platform/statusError.js";
import { openUploads } from "#platform/uploads.js";
import type { MeasureInput, MeasureMessage } from "./measureProtocol.js";
import { type ReceivedPredictions, receivePredictions } from "./receivePredictions.js";

/** What predictions may take. */
export interface SentLimits extends ProcessLimits {
  /** Calls beside the one whose predictions are measured: they come in, or wait. */
  waiting: number;
}

/**
 * Memory: predictions of one call are measured at a time, in a process that is ended at `memoryMegabytes`; the service itself needs about 150 MiB.
 * Together they are what `deploy/kubernetes/base/evaluator.yaml` allows.
 */
export const defaultSentLimits: SentLimits = { waiting: 4, heapMegabytes: 384, memoryMegabytes: 832, stallMs: 120_000 };

/** What measuring predictions needs. */
export interface SentParts {
  evaluations: RecordStore<EvaluationRecord>;
  artifacts: ArtifactStore;
  /** The folder of the artifact store. */
  dataFolder: string;
  limits: SentLimits;
  logger: Logger;
}

/** Measures predictions that were made elsewhere. */
export interface PredictionMeasurer {
  /** @throws StatusError */
  evaluatePredictions(requests: AsyncIterable<EvaluatePredictionsRequest>, call: CallContext): Promise<EvaluationRecord>;
  /** Ends what runs, and waits until nothing is left of it. */
  close(): Promise<void>;
}

const program = fileURLToPath(import.meta.resolve("#evaluator/sentPredictions/runner/main.js"));

/** Also removes what calls left whose process died. */
export async function openPredictionMeasurer(parts: SentParts): Promise<PredictionMeasurer> {
  const { limits } = parts;
  const uploads = openUploads(join(parts.dataFolder, ".uploads"));
  await uploads.sweep();
  const full = () =>
    exhausted(
      "TOO_MANY_CALLS",
      `predictions of ${limits.waiting + 1} calls are under way, the most this server takes at once; try again later`,
    );
  const places = createSlots({ atOnce: limits.waiting + 1, waiting: 0, full });
  const turns = createSlots({ atOnce: 1, waiting: limits.waiting, full });
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();

  const run = (requests: AsyncIterable<EvaluatePredictionsRequest>, call: CallContext, signal: AbortSignal) =>
    places.run(signal, () =>
      uploads.withFolder(async (folder) => {
        const received = await receivePredictions(requests, { folder, signal });
        return await turns.run(signal, () => measure(parts, received, { folder, tenant: call.tenant, signal }));
      }),
    );

  return {
    evaluatePredictions: async (requests, call) => {
      const work = run(requests, call, AbortSignal.any([call.signal, closing.signal])).catch((error: unknown) => {
        throw diskFault(error, "the predictions") ?? error;
      });
      running.add(work);
      try {
        return await work;
      } finally {
        running.delete(work);
      }
    },
    close: async () => {
      closing.abort(new StatusError(status.UNAVAILABLE, "SHUTTING_DOWN", "The server is shutting down; send the predictions again."));
      await Promise.allSettled(running);
    },
  };
}

/** Measures what came and stores it: first the predictions, then the record that makes them visible. */
async function measure(
  parts: SentParts,
  received: ReceivedPredictions,
  { folder, tenant, signal }: { folder: string; tenant: string; signal: AbortSignal },
): Promise<EvaluationRecord> {
  const { evaluations, artifacts } = parts;
  const createTime = new Date().toISOString();
  const uid = randomUUID();
  const id = received.id || `evaluation-${uid.slice(0, 13)}`;
  const { source, intervals, rows, columns } = received;
  try {
    const started = performance.now();
    let measured: Measured | undefined;
    await artifacts.writeFolder(tenant, "evaluations", uid, async (target) => {
      const input: MeasureInput = {
        ...{ folder, rows, columns, intervals, predictionsFile: join(target, "predictions.jsonl") },
        source: { task: source.task, dataset: source.dataset, classes: received.classes },
      };
      measured = await runMeasurement(input, parts, signal);
    });
    const { metrics, truthDigest, digest } = measured as Measured;
    const record: EvaluationRecord = {
      ...{ id, uid, tenant, state: "SUCCEEDED", createTime, endTime: new Date().toISOString() },
      ...{
        trainingJob: "",
        trainingJobUid: "",
        split: "",
        intervals,
        attempt: 1,
        source: { ...source, grouped: columns.includes("groups"), digest },
      },
      metrics: {
        ...metrics,
        ...{ splitDigest: truthDigest, weightsDigest: "" },
        predictions: artifacts.path(tenant, "evaluations", uid, "predictions.jsonl"),
        seconds: (performance.now() - started) / 1000,
      },
    };
    signal.throwIfAborted();
    try {
      await evaluations.create(tenant, record);
      return record;
    } catch (error) {
      if (!(error instanceof RecordExists)) throw error;
      const existing = await sameAs(record, evaluations);
      await artifacts.remove(tenant, "evaluations", uid);
      return existing;
    }
  } catch (error) {
    // A write whose answer did not come may have happened, or happen yet: a record must not lose its rows, rows without a record do no harm.
    if (!isNatsAway(error)) await artifacts.remove(tenant, "evaluations", uid);
    throw error;
  }
}

type Measured = Extract<MeasureMessage, { type: "measured" }>;

/** @throws StatusError INVALID_ARGUMENT with the faults of the rows; RESOURCE_EXHAUSTED when it takes more than allowed */
async function runMeasurement(input: MeasureInput, { limits, logger }: SentParts, signal: AbortSignal): Promise<Measured> {
  const { said, stalled, outOfMemory, how } = await runCheckingProcess<MeasureMessage>(program, input, { limits, logger, signal });
  if (said?.type === "measured") return said;
  if (said?.type === "faults") throw invalidArgument(said.faults);
  if (stalled || outOfMemory)
    throw exhausted(
      "PREDICTIONS_TOO_LARGE",
      `measuring ${input.rows} rows takes more ${stalled ? "time" : "memory"} than this server gives a call; send fewer rows`,
    );
  throw diskFault(said, "the predictions") ?? new Error(`the measuring process ended (${how}): ${said?.message ?? "it said nothing"}`);
}

/** The same predictions under the same id are the same evaluation, so that sending them twice is harmless. @throws StatusError ALREADY_EXISTS */
async function sameAs(record: EvaluationRecord, evaluations: RecordStore<EvaluationRecord>): Promise<EvaluationRecord> {
  const existing = (await evaluations.get(record.tenant, record.id))?.record;
  const what = ({ source, intervals }: EvaluationRecord) => canonicalDigest({ source, intervals });
  if (existing && what(existing) === what(record)) return existing;
  throw alreadyExists("evaluation", record.id, "header.evaluation_id", "choose another id, or leave it out");
}
