import type { FieldViolation, PredictRequestInput, PredictResponse } from "@stepwire/proto";
import { idViolations, optionViolations, requireValid } from "../calls/checkArguments.js";
import { unary } from "../calls/unary.js";
import type { Connection } from "../connection.js";
import { readMessage } from "../mapping/readMessage.js";
import { isPlainObject } from "../mapping/struct.js";
import { unknownKeys, wrongType } from "../mapping/writeMessage.js";
import type { Prediction, PredictResult } from "../messages.js";
import { callOptionNames, type CallOptions } from "../options.js";
import { StepwireError } from "../stepwireError.js";

/** A text, or a pair where the job has learnt from pairs. */
export type PredictInput = string | { text: string; textPair?: string | undefined };

/** What a model makes of texts: classes with probabilities, or numbers. */
export interface Predictions {
  /** Empty for a regression. */
  classes: string[];
  /** In the order of the inputs. */
  predictions: Prediction[];
  /** SHA-256 (hex) of the weights. */
  weightsDigest: string;
}

/** What the server takes in one call; more is sent in several. */
const most = { inputs: 256, bytes: 384 * 1024 };
/** The first call loads the model. */
const deadlineMs = 120_000;

/**
 * What a job's final checkpoint makes of texts, in their order. Many texts are sent in calls of at most 256, one after the other.
 * @param trainingJob id of a job that SUCCEEDED
 */
export type Predict = (trainingJob: string, inputs: readonly PredictInput[], options?: CallOptions) => Promise<Predictions>;

export function predictor(connection: Connection): Predict {
  const { evaluator } = connection;
  return async (trainingJob, inputs, options = {}) => {
    const violations = [...idViolations(trainingJob, "trainingJob"), ...optionViolations(options, callOptionNames, "options")];
    if (!Array.isArray(inputs)) violations.push(wrongType("inputs", inputs, "a list of texts"));
    const sent = (Array.isArray(inputs) ? inputs : []).map((input, index) => {
      const at = `inputs[${index}]`;
      if (typeof input === "string") {
        violations.push(...lengthViolations(at, input, ""));
        return { text: input };
      }
      if (!isPlainObject(input)) violations.push(wrongType(at, input, "a text or { text, textPair }"));
      const { text, textPair } = (isPlainObject(input) ? input : {}) as { text?: unknown; textPair?: unknown };
      if (isPlainObject(input)) {
        violations.push(...unknownKeys(input, ["text", "textPair"], at));
        if (typeof text !== "string") violations.push(wrongType(`${at}.text`, text, "a string"));
        if (textPair !== undefined && typeof textPair !== "string") violations.push(wrongType(`${at}.textPair`, textPair, "a string"));
        if (typeof text === "string") violations.push(...lengthViolations(at, text, typeof textPair === "string" ? textPair : ""));
      }
      return { text: String(text), ...(textPair !== undefined && { text_pair: textPair as string }) };
    });
    requireValid(violations);
    const result: Predictions = { classes: [], predictions: [], weightsDigest: "" };
    for (const { part, first } of parts(sent)) {
      const request: PredictRequestInput = { training_job: trainingJob, inputs: part };
      const message = await unary<PredictResponse>(
        connection,
        "EvaluatorService/Predict",
        (...call) => evaluator.Predict(request, ...call),
        options,
        Math.max(deadlineMs, connection.deadlineMs),
      ).catch((error: unknown) => {
        throw ofAllInputs(StepwireError.from(error), first);
      });
      const { classes, predictions, weightsDigest }: PredictResult = readMessage("stepwire.v1.PredictResponse", message);
      result.classes = classes;
      result.weightsDigest = weightsDigest;
      result.predictions.push(...predictions);
    }
    return result;
  };
}

/** A text of which a call takes no more, whatever it comes with: a message that is far too long would be refused without a word of why. */
function lengthViolations(at: string, text: string, textPair: string): FieldViolation[] {
  const [length, ofPair] = [Buffer.byteLength(text), Buffer.byteLength(textPair)];
  if (length + ofPair <= most.bytes) return [];
  const parts = ofPair === 0 ? "" : ` (${length} and ${ofPair} of its pair)`;
  const description = `has ${length + ofPair} bytes${parts}; allowed: at most ${most.bytes} bytes in a call`;
  return [{ field: `${at}.text`, reason: "TOO_LONG", description }];
}

/** The server counts the inputs of a call; the caller those of all calls. */
function ofAllInputs(error: StepwireError, first: number): StepwireError {
  if (first === 0 || error.violations.length === 0) return error;
  const violations = error.violations.map((violation) => ({
    ...violation,
    field: violation.field.replace(/^inputs\[(\d+)\]/, (_, index: string) => `inputs[${first + Number(index)}]`),
  }));
  const { code, summary, reason, metadata } = error;
  return new StepwireError(code, summary, { reason, metadata, violations, cause: error });
}

/** At least one, so that the server says what is wrong with none. */
function* parts<T extends { text: string; text_pair?: string }>(inputs: readonly T[]): Iterable<{ part: T[]; first: number }> {
  let part: T[] = [];
  let first = 0;
  let bytes = 0;
  for (const input of inputs) {
    const size = Buffer.byteLength(input.text) + Buffer.byteLength(input.text_pair ?? "");
    if (part.length > 0 && (part.length === most.inputs || bytes + size > most.bytes)) {
      yield { part, first };
      first += part.length;
      part = [];
      bytes = 0;
    }
    part.push(input);
    bytes += size;
  }
  yield { part, first };
}
