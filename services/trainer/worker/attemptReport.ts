import type { MetricPoint } from "#core/jobs/metricPoint.js";
import type { JobError, TrainingJobRecord, TrainingResult } from "#core/jobs/trainingJob.js";
import { timestamp } from "#platform/protoJson.js";
import { objectToStruct } from "#platform/struct.js";
import type { RunnerMessage } from "../runnerProtocol.js";
import { writeMetricPoint } from "../wire.js";
import type { WorkerParts } from "./workerParts.js";

/** What an attempt's runner has said. */
export interface AttemptReport {
  /** Forwards a message to the job's stream and remembers what the record needs of it. */
  hear(message: Exclude<RunnerMessage, { type: "started" }>): void;
  /** Where the job stands, as far as is known. */
  progress(): Pick<TrainingJobRecord, "progress">;
  result?: TrainingResult;
  error?: Omit<JobError, "attempt">;
}

/** Begins the report of an attempt: tells watchers that it has started. */
export function beginReport({ stream }: Pick<WorkerParts, "stream">, claimed: TrainingJobRecord): AttemptReport {
  const { tenant, id, uid, attempt, plan, traceparent } = claimed;
  let latest: MetricPoint | undefined;
  let validationAccuracy: number | undefined;
  let logLines = 0;
  const now = () => new Date().toISOString();
  const event = (kind: string, body: object) => {
    const message = { uid, job: id, time: timestamp(now()), ...body };
    void stream.publishEvent(tenant, message, `${attempt}:${latest?.step ?? 0}:${kind}`, traceparent);
  };
  // Before the first point, which it makes valid.
  event("attempt-started", { attempt_started: { attempt, from_step: plan.firstStep ?? 1 } });

  const report: AttemptReport = {
    hear: (message) => {
      switch (message.type) {
        case "point": {
          const point: MetricPoint = { ...message.point, uid, job: id, attempt, time: now() };
          if (point.kind === "TRAIN") latest = point;
          else if (point.accuracy !== undefined) validationAccuracy = point.accuracy;
          void stream.publishMetric(tenant, writeMetricPoint(point), traceparent);
          break;
        }
        case "log": {
          const { level, message: text, attributes } = message;
          event(`log-${++logLines}`, { log: { level, message: text, attributes: objectToStruct(attributes) } });
          break;
        }
        case "done":
          report.result = message.result;
          event("checkpoint", { checkpoint_saved: { step: message.result.steps, weights_digest: message.result.weightsDigest } });
          break;
        case "failed":
          report.error = message.error;
          break;
        case "stopped":
          break;
      }
    },
    progress: () => {
      if (!latest) return {};
      return {
        progress: {
          step: latest.step,
          totalSteps: plan.totalSteps,
          epoch: latest.epoch,
          ...(latest.loss !== undefined && { loss: latest.loss }),
          ...(validationAccuracy !== undefined && { validationAccuracy }),
          tokensPerSecond: latest.tokensPerSecond ?? 0,
          secondsLeft: (plan.totalSteps - latest.step) * (latest.stepSeconds ?? 0),
        },
      };
    },
  };
  return report;
}
