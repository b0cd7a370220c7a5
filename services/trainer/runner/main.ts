import { readFile } from "node:fs/promises";
import { decodeExamples } from "#core/datasets/encodeExamples.js";
import type { Example } from "#core/datasets/example.js";
import { selectRows } from "#core/datasets/selectRows.js";
import { FaultError } from "#core/fault.js";
import { withLength } from "#core/jobs/completeSpec.js";
import type { TrainingSpec } from "#core/jobs/trainingJob.js";
import { describeFailure } from "#engine/describeFailure.js";
import { train } from "#engine/training/train.js";
import { inspectModel, type ModelInspection } from "#engine/models/inspectModel.js";
import type { ModelFolder } from "#engine/models/modelFolder.js";
import { runnerMain } from "#platform/runnerProcess.js";
import { meter, startTelemetry, withTraceparent } from "#platform/telemetry.js";
import { writeFolder } from "#platform/writeFolder.js";
import { fetchHubModel, type HubOptions } from "../hubModel.js";
import { lengthsOf, modelFaults } from "../modelFaults.js";
import type { RunnerInput, RunnerMessage } from "../runnerProtocol.js";

// Trains one job: the only process of the trainer that loads the engine. It talks to its supervisor over IPC and to nobody else.

/** Between two lines about one file that is fetched. */
const progressMs = 5000;

await runnerMain(async (raw, { send: tell, shouldStop, signal }) => {
  const input = raw as RunnerInput;
  // The channel keeps order: once the last message has left, all have.
  let sent = Promise.resolve();
  const send = (message: RunnerMessage) => void (sent = tell(message));
  const telemetry = startTelemetry("stepwire-training-runner");
  await telemetry.ready.catch(() => undefined);
  try {
    await withTraceparent(input.traceparent, "train", { "stepwire.optimizer": input.spec.optimizer.name }, async () => {
      const { modelFolder, model } = await prepareModel(input, { send, shouldStop, signal });
      const read = async (name: string) => decodeExamples(await readFile(input.splitFiles[name] ?? ""));
      const rows = await selectRows(input.spec.dataset, input.spec.seed, read, input.spec.task === "classification");
      const spec = model ? specFor(model, input, rows.train) : input.spec;
      const stepDuration = meter().createHistogram("stepwire.training.step.duration", { unit: "s" });
      const tokens = meter().createCounter("stepwire.training.tokens");
      send({ type: "started", spec });
      const { plan, dataset, classes, checkpointFolder } = input;
      const outcome = await train(
        { spec, plan, modelFolder, dataset, classes, checkpointFolder, writeFolder, ...rows },
        {
          onStep: (point) => {
            stepDuration.record(point.stepSeconds ?? 0);
            tokens.add(point.tokens);
            send({ type: "point", point });
          },
          onEvaluation: (point) => send({ type: "point", point }),
          onLog: (level, message, attributes) => send({ type: "log", level, message, attributes }),
          shouldStop,
        },
      );
      send(outcome.result ? { type: "done", result: outcome.result } : { type: "stopped" });
    });
  } catch (error) {
    const { error: described, log } = describeFailure(error);
    // What ended because it was asked to has not failed.
    if (signal.aborted) send({ type: "stopped" });
    else {
      // The supervisor writes what comes here into the service's log.
      if (log !== undefined) process.stderr.write(`${log}\n`);
      send({ type: "failed", error: described.code === "OUT_OF_MEMORY" ? { ...described, ...outOfMemory } : described });
    }
  } finally {
    await sent;
    // A collector that is away must not turn a result into a failure.
    await telemetry.shutdown().catch(() => undefined);
  }
});

/** What the caller of a training job can do about it. */
const outOfMemory = {
  message: "the runner had not enough memory; a smaller micro_batch_tokens needs less",
  field: "training_job.micro_batch_tokens",
};

interface Control {
  send(message: RunnerMessage): void;
  shouldStop(): boolean;
  signal: AbortSignal;
}

/** @returns with the folder what was found in it, where that was not known when the job was created */
async function prepareModel(
  input: RunnerInput,
  { send, shouldStop, signal }: Control,
): Promise<{ modelFolder: ModelFolder; model?: ModelInspection }> {
  if ("folder" in input.model) return { modelFolder: input.model };
  const { hubId, cacheFolder } = input.model;
  const told = { file: "", time: 0 };
  const onProgress: HubOptions["onProgress"] = ({ file, bytes, totalBytes }) => {
    // Says that the work advances.
    shouldStop();
    if (told.file === file && bytes < totalBytes && performance.now() - told.time < progressMs) return;
    Object.assign(told, { file, time: performance.now() });
    send({ type: "log", level: "info", message: `fetching ${hubId}/${file}`, attributes: { bytes, totalBytes } });
  };
  const modelFolder = await fetchHubModel(hubId, { cacheFolder, hubUrl: process.env.HF_ENDPOINT, signal, onProgress });
  return { modelFolder, model: await inspectModel(modelFolder, "training_job.model") };
}

/** Completes a job's spec for a model that was not known before. @throws FaultError with all that does not fit it */
function specFor(model: ModelInspection, { spec, classes }: RunnerInput, train: readonly Example[]): TrainingSpec {
  const demands = { task: spec.task, classes: classes.length, pairs: train.some(({ textPair }) => textPair !== undefined) };
  const complete = withLength(spec, lengthsOf(model, demands));
  const faults = modelFaults(complete, model, demands);
  if (faults.length > 0) throw new FaultError(faults);
  return complete;
}
