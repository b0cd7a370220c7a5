import type { PredictRequest, PredictResponseInput } from "@stepwire/proto";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import { predictionLimits } from "#core/evaluations/predictionLimits.js";
import type { Fault } from "#core/fault.js";
import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import { quote } from "#core/quote.js";
import { argmax } from "#core/statistics/argmax.js";
import { softmax } from "#core/statistics/logLoss.js";
import type { CallContext } from "#platform/handlers.js";
import { ask } from "#platform/requestReply.js";
import type { NatsConnection } from "#platform/natsConnection.js";
import type { RecordStore } from "#platform/recordStore.js";
import { failedPrecondition, invalidArgument } from "#platform/statusError.js";
import { type PredictionAnswer, type PredictionQuestion, predictionSubject } from "./predictionProtocol.js";

/** What Predict needs. */
export interface PredictParts {
  connection: NatsConnection;
  jobs: RecordStore<TrainingJobRecord>;
  datasets: RecordStore<DatasetRecord>;
}

/** A caller's deadline usually ends the call sooner. */
const patienceMs = 600_000;

/** Checks everything and asks a worker, which has the engine. */
export async function predictTexts(
  parts: PredictParts,
  request: PredictRequest,
  { tenant, deadline }: CallContext,
): Promise<PredictResponseInput> {
  const faults = inputFaults(request);
  const field = "training_job";
  const id = request.training_job;
  if (id === "") faults.push({ field, reason: "REQUIRED", description: "is empty; give the id of a training job" });
  const job = id === "" ? undefined : (await parts.jobs.get(tenant, id))?.record;
  if (id !== "" && !job) faults.push({ field, reason: "NOT_FOUND", description: `there is no training job ${quote(id)}` });
  if (job?.spec.task === "causal_lm") {
    const description = `${quote(id)} learns to write, and predictions are of classes and numbers; allowed: a job for classification or regression`;
    faults.push({ field, reason: "UNSUPPORTED", description });
  }
  const dataset = job && (await parts.datasets.get(tenant, job.spec.dataset.id))?.record;
  if (job && dataset) faults.push(...pairFaults(request, dataset));
  if (faults.length > 0 || !job) throw invalidArgument(faults);
  if (job.state !== "SUCCEEDED" || !job.result)
    throw failedPrecondition(
      "JOB_NOT_SUCCEEDED",
      `training job "${job.id}" is ${job.state}; only a job that SUCCEEDED has a checkpoint to predict with`,
      {
        state: job.state,
      },
    );
  const timeoutMs = Math.max(1, Math.min(deadline - Date.now(), patienceMs));
  const question: PredictionQuestion = {
    patienceMs: timeoutMs,
    trainingJob: job.id,
    trainingJobUid: job.uid,
    examples: request.inputs.map(({ text, text_pair: textPair }) => ({ text, ...(textPair !== undefined && { textPair }) })),
  };
  const who = "evaluation worker, which predicts,";
  const answer = (await ask(parts.connection, predictionSubject(tenant), question, { who, timeoutMs })) as PredictionAnswer;
  return writePredictions(answer, dataset?.classes ?? [], job.result.weightsDigest);
}

function inputFaults({ inputs }: PredictRequest): Fault[] {
  const { examples, bytes } = predictionLimits;
  const faults: Fault[] = [];
  if (inputs.length === 0) faults.push({ field: "inputs", reason: "REQUIRED", description: "is empty; give a text" });
  if (inputs.length > examples)
    faults.push({ field: "inputs", reason: "TOO_MANY", description: `has ${inputs.length} texts; allowed: at most ${examples} in a call` });
  const sent = inputs.reduce((sum, { text, text_pair: pair = "" }) => sum + Buffer.byteLength(text) + Buffer.byteLength(pair), 0);
  if (sent > bytes)
    faults.push({ field: "inputs", reason: "TOO_LONG", description: `has ${sent} bytes of text; allowed: at most ${bytes} in a call` });
  for (const [index, { text }] of inputs.slice(0, examples).entries())
    if (text.trim() === "")
      faults.push({ field: `inputs[${index}].text`, reason: "REQUIRED", description: `${quote(text)} is empty; give a text` });
  return faults;
}

/** A model that has learnt from pairs makes nothing sensible of single texts, nor the other way round. */
function pairFaults({ inputs }: PredictRequest, { columns }: DatasetRecord): Fault[] {
  const wantsPair = "textPair" in columns && columns.textPair !== undefined;
  return inputs.flatMap(({ text_pair: pair }, index) => {
    if ((pair !== undefined) === wantsPair) return [];
    const field = `inputs[${index}].text_pair`;
    return wantsPair
      ? [{ field, reason: "REQUIRED", description: "is not set, and the job has learnt from pairs of texts" }]
      : [{ field, reason: "CONFLICT", description: `${quote(pair)} is a second text, and the job has learnt from single ones` }];
  });
}

function writePredictions(
  { logits, width, tokens, truncated }: PredictionAnswer,
  classes: readonly string[],
  weightsDigest: string,
): PredictResponseInput {
  const bytes = Buffer.from(logits, "base64");
  const values = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const predictions = tokens.map((count, index) => {
    const row = values.subarray(index * width, (index + 1) * width);
    const facts = { tokens: count, truncated: truncated[index] ?? false };
    if (classes.length === 0) return { number: row[0] ?? Number.NaN, ...facts };
    return { label: classes[argmax(row)] ?? "", probabilities: softmax(row), ...facts };
  });
  return { classes: [...classes], predictions, weights_digest: weightsDigest };
}
