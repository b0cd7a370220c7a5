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
  /** A process that shows no progress with a question for so long is killed. */
  stallMs: number;
}

/** What is asked of a model, by somebody who waits so long. */
export interface PoolQuestion {
  examples: PredictionExample[];
  patienceMs: number;
}

/** Answers questions with models that are kept in processes of their own. */
export interface PredictorPool {
  /**
   * @param key what tells models apart: the uid of a job
   * @throws StatusError INVALID_ARGUMENT when texts cannot be used; RESOURCE_EXHAUSTED when too many wait; DEADLINE_EXCEEDED when the caller's
   *   patience or the process's is over; UNAVAILABLE when the process ended; FAILED_PRECONDITION when the model cannot be used
   */
  predict(key: string, input: PredictorInput, question: PoolQuestion): Promise<PredictionAnswer>;
  close(): Promise<void>;
}

interface Question {
  id: number;
  examples: PredictionExample[];
  /** The first of these calls counts. */
  resolve(answer: PredictionAnswer): void;
  reject(error: unknown): void;
  /** Its caller has given up. */
  overdue: boolean;
}

interface Kept {
  runner: Runner;
  /** What the process works on, and since when. */
  current?: { question: Question; since: number };
  /** In the order they came. */
  waiting: Question[];
  idle?: NodeJS.Timeout;
}

const script = fileURLToPath(import.meta.resolve("#evaluator/predictor/main.js"));
/** One that says nothing while it is asked. */
const stopMs = 2000;
/** Of a process whose question is overdue: one that is at work says so more often. */
const quietMs = 30_000;

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
  /** Hands over the next question, or rests. */
  const advance = (key: string, predictor: Kept) => {
    if (predictor.current || kept.get(key) !== predictor) return;
    const question = predictor.waiting.shift();
    if (question) {
      predictor.current = { question, since: performance.now() };
      predictor.runner.request({ id: question.id, examples: question.examples });
    } else predictor.idle = setTimeout(() => letGo(key, predictor), limits.idleMs).unref();
  };
  const failAll = (predictor: Kept, error: StatusError) => {
    const all = [...(predictor.current ? [predictor.current.question] : []), ...predictor.waiting];
    delete predictor.current;
    predictor.waiting = [];
    for (const { reject } of all) reject(error);
  };

  const start = (key: string, input: PredictorInput): Kept => {
    /** The answer to the question with this id, if it is the one that was asked last. */
    const settle = (id: number, how: (question: Question) => void) => {
      if (predictor.current?.question.id !== id) return;
      const { question } = predictor.current;
      delete predictor.current;
      how(question);
      advance(key, predictor);
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
          if (message.id === undefined) failAll(predictor, error);
          else settle(message.id, ({ reject }) => reject(error));
        }
      },
    });
    const predictor: Kept = { runner, waiting: [] };
    const watching = setInterval(() => endIfStalled(key, input, predictor), Math.min(1000, limits.stallMs / 10));
    void runner.exited.then(({ code, signal }) => {
      clearInterval(watching);
      if (kept.get(key) === predictor) kept.delete(key);
      clearTimeout(predictor.idle);
      const how = `the process that predicts ended (${signal ?? `exit code ${code}`}); try again`;
      failAll(predictor, new StatusError(grpc.status.UNAVAILABLE, "PREDICTOR_ENDED", how));
    });
    return predictor;
  };

  /** Kills a process that shows no progress with its question, at once where nobody waits for the answer; another answers the rest. */
  const endIfStalled = (key: string, input: PredictorInput, predictor: Kept) => {
    const { current } = predictor;
    if (!current) return;
    const { question, since } = current;
    const quiet = Math.min(predictor.runner.quietMs(), performance.now() - since);
    const most = question.overdue ? Math.min(quietMs, limits.stallMs) : limits.stallMs;
    if (quiet < most) return;
    logger.warn({ runner: predictor.runner.pid, quietMs: quiet }, "a predictor showed no progress and is killed");
    const waiting = predictor.waiting;
    predictor.waiting = [];
    delete predictor.current;
    if (kept.get(key) === predictor) kept.delete(key);
    predictor.runner.kill();
    const seconds = Math.round(quiet / 1000);
    const description = `the model showed no progress with these texts for ${seconds} seconds, and its process was killed; its tokenizer may take very long for one of them`;
    question.reject(new StatusError(grpc.status.DEADLINE_EXCEEDED, "PREDICTOR_STALLED", description));
    if (waiting.length === 0) return;
    const next = start(key, input);
    next.waiting = waiting;
    kept.set(key, next);
    advance(key, next);
  };

  /** A question that is dropped when its caller's patience is over. */
  const asked = (key: string, { examples, patienceMs }: PoolQuestion, settle: Pick<Question, "resolve" | "reject">): Question => {
    const giveUp = () => {
      question.overdue = true;
      const predictor = kept.get(key);
      if (predictor) predictor.waiting = predictor.waiting.filter((other) => other !== question);
      settle.reject(
        new StatusError(grpc.status.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", "The call's deadline passed before the model answered."),
      );
    };
    const timer = setTimeout(giveUp, patienceMs);
    const question: Question = {
      id: nextId++,
      examples,
      overdue: false,
      resolve: (answer) => {
        clearTimeout(timer);
        settle.resolve(answer);
      },
      reject: (error) => {
        clearTimeout(timer);
        settle.reject(error);
      },
    };
    return question;
  };

  return {
    predict: (key, input, question) => {
      const predictor = kept.get(key) ?? start(key, input);
      const waiting = predictor.waiting.length + (predictor.current ? 1 : 0);
      if (waiting >= limits.waiting)
        return Promise.reject(
          new StatusError(grpc.status.RESOURCE_EXHAUSTED, "TOO_MANY_PREDICTIONS", `${waiting} calls wait for this model; try again later`),
        );
      clearTimeout(predictor.idle);
      kept.delete(key);
      kept.set(key, predictor);
      // The one that was asked longest ago makes room; one that is at work answers first.
      for (const [oldest, other] of kept) {
        if (kept.size <= limits.models) break;
        if (!other.current && other.waiting.length === 0 && other !== predictor) letGo(oldest, other);
      }
      return new Promise((resolve, reject) => {
        predictor.waiting.push(asked(key, question, { resolve, reject }));
        advance(key, predictor);
      });
    },
    close: async () => {
      const all = [...kept];
      for (const [key, predictor] of all) letGo(key, predictor);
      await Promise.all(all.map(([, { runner }]) => runner.exited));
    },
  };
}
