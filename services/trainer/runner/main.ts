import { readFile } from "node:fs/promises";
import { decodeExamples } from "#core/datasets/encodeExamples.js";
import { selectRows } from "#core/datasets/selectRows.js";
import { FaultError } from "#core/fault.js";
import { train } from "#engine/training/train.js";
import { TrainingFailure } from "#engine/training/trainingFailure.js";
import { inspectModel } from "#engine/models/inspectModel.js";
import { runnerMain } from "#platform/runnerProcess.js";
import { meter, startTelemetry, withTraceparent } from "#platform/telemetry.js";
import { fetchHubModel } from "../hubModel.js";
import type { RunnerInput, RunnerMessage } from "../runnerProtocol.js";

// Trains one job: the only process of the trainer that loads the engine. It talks to its supervisor over IPC and to nobody else.

await runnerMain(async (raw, { send: tell, shouldStop }) => {
  const input = raw as RunnerInput;
  // The channel keeps order: once the last message has left, all have.
  let sent = Promise.resolve();
  const send = (message: RunnerMessage) => void (sent = tell(message));
  const telemetry = startTelemetry("stepwire-training-runner");
  await telemetry.ready.catch(() => undefined);
  try {
    await withTraceparent(input.traceparent, "train", { "stepwire.optimizer": input.spec.optimizer.name }, async () => {
      const modelFolder = await prepareModel(input, send);
      const read = async (name: string) => decodeExamples(await readFile(input.splitFiles[name] ?? ""));
      const rows = await selectRows(input.spec.dataset, input.spec.seed, read);
      const stepDuration = meter().createHistogram("stepwire.training.step.duration", { unit: "s" });
      const tokens = meter().createCounter("stepwire.training.tokens");
      send({ type: "started" });
      const outcome = await train(
        { spec: input.spec, plan: input.plan, modelFolder, classes: input.classes, checkpointFolder: input.checkpointFolder, ...rows },
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
    send({ type: "failed", error: describe(error) });
  } finally {
    await sent;
    // A collector that is away must not turn a result into a failure.
    await telemetry.shutdown().catch(() => undefined);
  }
});

async function prepareModel(input: RunnerInput, send: (message: RunnerMessage) => void): Promise<string> {
  if ("folder" in input.model) return input.model.folder;
  const { hubId, cacheFolder } = input.model;
  const onFile = (name: string) => send({ type: "log", level: "info", message: `fetching ${hubId}/${name}`, attributes: {} });
  const folder = await fetchHubModel(hubId, cacheFolder, process.env.HF_ENDPOINT, onFile).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FaultError([
      { field: "training_job.model", reason: "MODEL_UNAVAILABLE", description: `"${hubId}" could not be fetched: ${reason}` },
    ]);
  });
  await inspectModel(folder, "training_job.model");
  return folder;
}

function describe(error: unknown): Extract<RunnerMessage, { type: "failed" }>["error"] {
  if (error instanceof TrainingFailure)
    return {
      code: error.code,
      message: error.message,
      ...(error.field !== undefined && { field: error.field }),
      ...(error.step !== undefined && { step: error.step }),
    };
  if (error instanceof FaultError)
    return { code: error.faults[0]?.reason ?? "INVALID", message: error.message, field: error.faults[0]?.field ?? "" };
  return { code: "RUNNER_ERROR", message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
