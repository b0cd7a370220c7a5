import type {
  CreateEvaluationRequestInput,
  EvaluatePredictionsRequestInput,
  FieldViolation,
  ListEvaluationsResponse,
} from "@stepwire/proto";
import { callOptionNames, type CallOptions } from "../options.js";
import { idViolations, objectViolations, optionViolations, requireValid } from "../calls/checkArguments.js";
import { pollUntil } from "../calls/pollUntil.js";
import { clientStream } from "../calls/clientStream.js";
import { unary } from "../calls/unary.js";
import { untilAborted } from "../calls/untilAborted.js";
import type { Connection } from "../connection.js";
import { readMessage } from "../mapping/readMessage.js";
import { unknownKeys, writeMessage, wrongType } from "../mapping/writeMessage.js";
import type { Comparison, Evaluation } from "../messages.js";
import { StepwireError } from "../stepwireError.js";
import { createOptionNames, type CreateOptions, createRequest } from "./createOptions.js";
import { pages } from "./pages.js";
import { type PredictionRow, rowMessages } from "./sentPredictions.js";
import { isEnded } from "./watchTrainingJob.js";

/** What to evaluate. */
export interface EvaluationRequest {
  /** Id of a job that SUCCEEDED. */
  trainingJob: string;
  /** A split of the job's data set; left out: what the job validated on, also where that was cut from the training split. */
  split?: string | undefined;
  /** Confidence level of the intervals, above 0 and below 1; 0.95 by default. */
  level?: number | undefined;
  /** Of the accuracy: "wilson" by default, "clopper-pearson", "agresti-coull" or "jeffreys". */
  interval?: string | undefined;
  /** Of the metrics whose interval has no closed form: "bca" or "percentile", 10,000 resamples and seed 0 by default. */
  bootstrap?: { method?: string | undefined; resamples?: number | undefined; seed?: number | undefined } | undefined;
}

/** Predictions that were made elsewhere. */
export interface SentPredictions extends Pick<EvaluationRequest, "level" | "interval" | "bootstrap"> {
  /** Made by the server when left out. */
  id?: string | undefined;
  /** The model or method that predicted. A comparison calls a group after it; several seeds of a method have the same. */
  model: string;
  /** Of which examples, for example "SST-2 test": predictions of different data sets are not compared. */
  dataset: string;
  /** That the model was trained with; 0 by default. */
  seed?: number | undefined;
  /** "classification" by default, "regression" or "causal_lm" (completions). */
  task?: string | undefined;
  /** Names of the classes, 2 to 256. Of a classification only. */
  classes?: readonly string[] | undefined;
  /** At most 10,000,000, always in the same order: later comparisons are paired by it. */
  rows: Iterable<PredictionRow> | AsyncIterable<PredictionRow>;
}

/** An evaluation as it was when it was fetched, and what can be done with it. */
export interface EvaluationHandle extends Evaluation {
  /** The evaluation as it is now. */
  get(options?: CallOptions): Promise<Evaluation>;
  /** Ends it before it is done. @throws StepwireError FAILED_PRECONDITION when it has ended otherwise */
  cancel(options?: CallOptions): Promise<Evaluation>;
  /**
   * Waits until the evaluation has ended.
   * @throws StepwireError CANCELLED, or FAILED_PRECONDITION with the evaluation's error code as `reason`
   */
  result(options?: { signal?: AbortSignal | undefined }): Promise<Evaluation>;
}

/** Which evaluations `list` returns, newest first. */
export interface ListEvaluationsOptions extends CallOptions {
  /** Only evaluations of this job. */
  trainingJob?: string | undefined;
  /** Evaluations fetched by one call: at most 1000, 50 by default. All pages are listed in any case. */
  pageSize?: number | undefined;
}

/** A trained model, or a method with a model for each of several training seeds. */
export interface ComparedEvaluations {
  /** That of the optimizer by default. */
  name?: string | undefined;
  /** Ids of evaluations that SUCCEEDED, of jobs that differ in the seed only; as many in every group. */
  evaluations: readonly string[];
}

/** What to compare, and how. */
export interface ComparisonRequest {
  /** At least two. */
  groups: readonly ComparedEvaluations[];
  /**
   * "accuracy", "loss", "macro_f1", "balanced_accuracy", "matthews_correlation", "roc_auc" or "brier"; accuracy by default, the loss where nothing is
   * classified.
   */
  metric?: string | undefined;
  /** The smallest difference that matters, declared beforehand; without it no two groups can be EQUIVALENT. */
  margin?: number | undefined;
  /** Confidence level of the intervals, above 0 and below 1; 0.95 by default. */
  level?: number | undefined;
  /** Of p-values: "holm", the default, or "benjamini-hochberg". */
  correction?: string | undefined;
  /** The group that each other one is compared with; all pairs by default. */
  reference?: string | undefined;
  /** Of a difference of accuracies of one evaluation each: "tango", the default, or "newcombe". */
  interval?: string | undefined;
  /** What is meant to differ besides optimizer and seeds, for example "batch_size". */
  intendedDifferences?: readonly string[] | undefined;
}

/** Calls about evaluations. */
export interface Evaluations {
  create(evaluation: EvaluationRequest, options?: CreateOptions): Promise<EvaluationHandle>;
  /**
   * Metrics with intervals of predictions that were made elsewhere, sent no faster than the server takes them. The call has no deadline unless one is
   * given. All faults, by row, are reported at once and nothing is stored then.
   */
  fromPredictions(predictions: SentPredictions, options?: CallOptions): Promise<EvaluationHandle>;
  get(id: string, options?: CallOptions): Promise<EvaluationHandle>;
  list(options?: ListEvaluationsOptions): AsyncIterable<EvaluationHandle>;
  /** Ends one before it is done; nothing of it stays. @throws StepwireError FAILED_PRECONDITION when it has ended otherwise */
  cancel(id: string, options?: CallOptions): Promise<Evaluation>;
  /** Removes one that has ended, with its stored predictions. @throws StepwireError FAILED_PRECONDITION before it has ended */
  delete(id: string, options?: CallOptions): Promise<void>;
  /**
   * Whether groups of evaluations differ, two by two, with a verdict for each pair.
   * @throws StepwireError INVALID_ARGUMENT with everything that keeps them from being compared fairly
   */
  compare(comparison: ComparisonRequest, options?: CallOptions): Promise<Comparison>;
}

const sentFields = ["id", "model", "dataset", "seed", "task", "classes", "rows", "level", "interval", "bootstrap"];
const requestFields = ["trainingJob", "split", "level", "interval", "bootstrap"];

const read = (message: object): Evaluation => readMessage("stepwire.v1.Evaluation", message);

export function evaluations(connection: Connection): Evaluations {
  const { evaluator } = connection;
  const get = async (id: string, options: CallOptions = {}): Promise<Evaluation> => {
    requireValid(idViolations(id), optionViolations(options, callOptionNames, "options"));
    return read(
      await unary<object>(connection, "EvaluatorService/GetEvaluation", (...call) => evaluator.GetEvaluation({ id }, ...call), options),
    );
  };
  const cancel = async (id: string, options: CallOptions = {}): Promise<Evaluation> => {
    requireValid(idViolations(id), optionViolations(options, callOptionNames, "options"));
    return read(
      await unary<object>(
        connection,
        "EvaluatorService/CancelEvaluation",
        (...call) => evaluator.CancelEvaluation({ id }, ...call),
        options,
      ),
    );
  };
  const handle = (evaluation: Evaluation): EvaluationHandle => ({
    ...evaluation,
    get: (options) => get(evaluation.id, options),
    cancel: (options) => cancel(evaluation.id, options),
    result: async (options = {}) => {
      requireValid(optionViolations(options, ["signal"], ""));
      const ended = await pollUntil(
        () => get(evaluation.id, options),
        ({ state }) => isEnded(state),
        options.signal,
      );
      if (ended.state !== "SUCCEEDED") throw failureOf(ended);
      return ended;
    },
  });

  async function* list(options: ListEvaluationsOptions = {}): AsyncGenerator<EvaluationHandle, void, undefined> {
    const violations = optionViolations(options, ["trainingJob", "pageSize", ...callOptionNames], "");
    const { trainingJob, pageSize } = options ?? {};
    const request = writeMessage("stepwire.v1.ListEvaluationsRequest", { trainingJob, pageSize }, "", violations);
    requireValid(violations);
    yield* pages<ListEvaluationsResponse, EvaluationHandle>(
      connection,
      "EvaluatorService/ListEvaluations",
      (token) =>
        (...call) =>
          evaluator.ListEvaluations({ ...request, page_token: token }, ...call),
      (page) => page.evaluations.map((evaluation) => handle(read(evaluation))),
      options,
    );
  }

  return {
    create: async (evaluation, options = {}) => {
      const violations = [...objectViolations(evaluation, "evaluation"), ...optionViolations(options, createOptionNames, "options")];
      violations.push(...unknownKeys(evaluation ?? {}, requestFields, ""));
      const { trainingJob, split, level, interval, bootstrap } = evaluation ?? {};
      const message = writeMessage("stepwire.v1.Evaluation", { trainingJob, split, level, interval, bootstrap }, "", violations);
      requireValid(violations);
      const { id, ...common } = createRequest(options);
      const request: CreateEvaluationRequestInput = { evaluation: message, evaluation_id: id, ...common };
      return handle(
        read(
          await unary<object>(
            connection,
            "EvaluatorService/CreateEvaluation",
            (...call) => evaluator.CreateEvaluation(request, ...call),
            options,
          ),
        ),
      );
    },
    fromPredictions: async (predictions, options = {}) => {
      const violations = [...objectViolations(predictions, "predictions"), ...optionViolations(options, callOptionNames, "options")];
      violations.push(...unknownKeys(predictions ?? {}, sentFields, ""));
      const { id, model, dataset, seed, task, classes, rows, level, interval, bootstrap } = predictions ?? {};
      const own = { evaluationId: id, classes, level, interval, bootstrap };
      const header = writeMessage("stepwire.v1.PredictionHeader", own, "", violations);
      const source = writeMessage("stepwire.v1.PredictionSource", { model, dataset, seed, task }, "", violations);
      const asked = rows as Partial<AsyncIterable<unknown> & Iterable<unknown>> | undefined;
      if (typeof rows === "string" || !(asked?.[Symbol.asyncIterator] ?? asked?.[Symbol.iterator]))
        violations.push(wrongType("rows", rows, "an iterable of rows"));
      requireValid(violations);
      const ask = (messages: (ended: AbortSignal) => AsyncIterable<EvaluatePredictionsRequestInput>) =>
        clientStream<EvaluatePredictionsRequestInput>(
          connection,
          "EvaluatorService/EvaluatePredictions",
          (...call) => evaluator.EvaluatePredictions(...call),
          messages,
          options,
        );
      const head = { header: { ...header, source } };
      let faulty: StepwireError | undefined;
      async function* messages(ended: AbortSignal) {
        yield head;
        try {
          // Rows at hand are not waited for.
          const waited = Symbol.asyncIterator in rows ? untilAborted(rows, ended) : rows;
          yield* rowMessages(waited, { task: task ?? "classification", classes: classes ?? [] });
        } catch (error) {
          faulty = StepwireError.from(error);
          throw error;
        }
      }
      const answer = await ask(messages).catch(async (error: unknown) => {
        if (faulty === undefined || error !== faulty || faulty.violations.length === 0) throw error;
        // Without rows nothing is stored, and the server says what it has against the rest.
        async function* onlyHead() {
          yield head;
        }
        const ofHead = await ask(onlyHead).then(() => [], headFaults);
        throw StepwireError.invalid([...ofHead, ...rowFaultsBeside(ofHead, faulty.violations)]);
      });
      return handle(read(answer));
    },
    get: async (id, options) => handle(await get(id, options)),
    list,
    cancel,
    delete: async (id, options = {}) => {
      requireValid(idViolations(id), optionViolations(options, callOptionNames, "options"));
      await unary<object>(
        connection,
        "EvaluatorService/DeleteEvaluation",
        (...call) => evaluator.DeleteEvaluation({ id }, ...call),
        options,
      );
    },
    compare: async (comparison, options = {}) => {
      const violations = optionViolations(options, callOptionNames, "options");
      const request = writeMessage("stepwire.v1.CompareRequest", comparison, "", violations);
      requireValid(violations);
      return readMessage(
        "stepwire.v1.Comparison",
        await unary<object>(connection, "EvaluatorService/Compare", (...call) => evaluator.Compare(request, ...call), options),
      );
    },
  };
}

/** What a call without rows was refused for, but for the lack of rows. */
function headFaults(error: unknown): FieldViolation[] {
  return StepwireError.from(error).violations.filter(({ field }) => field !== "rows");
}

/** Rows are wrong in other ways when their classes or their task are. */
function rowFaultsBeside(ofHead: readonly FieldViolation[], ofRows: readonly FieldViolation[]): readonly FieldViolation[] {
  if (!ofHead.some(({ field }) => /^header\.(classes|source\.task)/.test(field))) return ofRows;
  return ofRows.filter(({ reason }) => reason !== "UNKNOWN_VALUE" && reason !== "COUNTS_DIFFER");
}

function failureOf(evaluation: Evaluation): StepwireError {
  const metadata = { resource: "evaluation", id: evaluation.id, state: evaluation.state };
  if (evaluation.state === "CANCELLED")
    return new StepwireError("CANCELLED", `Evaluation "${evaluation.id}" was CANCELLED.`, { reason: "EVALUATION_CANCELLED", metadata });
  const { code = "UNKNOWN", message = "the server did not say why" } = evaluation.error ?? {};
  return new StepwireError("FAILED_PRECONDITION", `Evaluation "${evaluation.id}" FAILED: ${message}`, { reason: code, metadata });
}
