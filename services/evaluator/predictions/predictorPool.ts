import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import type { Logger } from "#platform/logger.js";
import { type Runner, startRunner } from "#platform/runnerProcess.js";
import { invalidArgument, StatusError } from "#platform/statusError.js";
import type { PredictionAnswer, PredictionExample, PredictorInput, PredictorMessage } from "./predictionProtocol.js";

/** How many models a worker keeps, and for how long. */
export interface PredictorLimits {
  /** Models in memory. */
  models: number;
  /** A model that nobody asked for so long is let go. */
  idleMs: number;
  /** Questions that wait for one model. */
  waiting: number;
}

/** Answers questions with models that are kept in processes of their own. */
export interface PredictorPool {
  /**
   * @param key what tells models apart: the uid of a job
   * @throws StatusError INVALID_ARGUMENT when texts cannot be used; RESOURCE_EXHAUSTED when too many wait; UNAVAILABLE when the process ended; FAILED_PRECONDITION when the model cannot be used
   */
  predict(key: string, input: PredictorInput, examples: PredictionExample[]): Promise<PredictionAnswer>;
  close(): Promise<void>;
}

interface Kept {
  runner: Runner;
  waiting: Map<number, { resolve(answer: PredictionAnswer): void; reject(error: unknown): void }>;
  idle?: NodeJS.Timeout;
}

const script = fileURLToPath(import.meta.resolve("#evaluator/predictor/main.js"));
/** One that says nothing while it is asked. */
const stopMs = 2000;

export function createPredictorPool(logger: Logger, limits: PredictorLimits): PredictorPool {
  // In the order of their last question.
  const kept = new Map<string, Kept>();
  let nextId = 0;

  const letGo = (key: string, predictor: Kept) => {
    clearTimeout(predictor.idle);
    if (kept.get(key) === predictor) kept.delete(key);
    predictor.runner.stop();
    const killing = setTimeout(predictor.runner.kill, stopMs);
    void predictor.runner.exited.then(() => clearTimeout(killing));
  };
  const rest = (key: string, predictor: Kept) => {
    if (predictor.waiting.size > 0 || kept.get(key) !== predictor) return;
    predictor.idle = setTimeout(() => letGo(key, predictor), limits.idleMs).unref();
  };

  const start = (key: string, input: PredictorInput): Kept => {
    const waiting: Kept["waiting"] = new Map();
    const settle = (id: number, how: (pending: { resolve(answer: PredictionAnswer): void; reject(error: unknown): void }) => void) => {
      const pending = waiting.get(id);
      if (!pending) return;
      waiting.delete(id);
      how(pending);
      rest(key, predictor);
    };
    const failAll = (error: StatusError) => {
      for (const id of [...waiting.keys()]) settle(id, ({ reject }) => reject(error));
    };
    const runner = startRunner({
      script,
      logger,
      input,
      onMessage: (raw) => {
        const message = raw as PredictorMessage;
        if (message.type === "answer") settle(message.id, ({ resolve }) => resolve(message.answer));
        else if (message.type === "at fault") settle(message.id, ({ reject }) => reject(invalidArgument(message.faults)));
        else if (message.type === "refused") {
          const error = new StatusError(grpc.status.FAILED_PRECONDITION, message.error.code, message.error.message);
          if (message.id === undefined) failAll(error);
          else settle(message.id, ({ reject }) => reject(error));
        }
      },
    });
    const predictor: Kept = { runner, waiting };
    void runner.exited.then(({ code, signal }) => {
      if (kept.get(key) === predictor) kept.delete(key);
      clearTimeout(predictor.idle);
      failAll(
        new StatusError(
          grpc.status.UNAVAILABLE,
          "PREDICTOR_ENDED",
          `the process that predicts ended (${signal ?? `exit code ${code}`}); try again`,
        ),
      );
    });
    return predictor;
  };

  return {
    predict: (key, input, examples) => {
      const predictor = kept.get(key) ?? start(key, input);
      if (predictor.waiting.size >= limits.waiting)
        return Promise.reject(
          new StatusError(
            grpc.status.RESOURCE_EXHAUSTED,
            "TOO_MANY_PREDICTIONS",
            `${predictor.waiting.size} calls wait for this model; try again later`,
          ),
        );
      clearTimeout(predictor.idle);
      kept.delete(key);
      kept.set(key, predictor);
      // The one that was asked longest ago makes room; one that is at work answers first.
      for (const [oldest, other] of kept) {
        if (kept.size <= limits.models) break;
        if (other.waiting.size === 0 && other !== predictor) letGo(oldest, other);
      }
      const id = nextId++;
      return new Promise((resolve, reject) => {
        predictor.waiting.set(id, { resolve, reject });
        predictor.runner.request({ id, examples });
      });
    },
    close: async () => {
      const all = [...kept];
      for (const [key, predictor] of all) letGo(key, predictor);
      await Promise.all(all.map(([, { runner }]) => runner.exited));
    },
  };
}
