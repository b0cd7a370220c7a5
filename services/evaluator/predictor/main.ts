import { FaultError } from "#core/fault.js";
import { describeFailure } from "#engine/describeFailure.js";
import { openPredictor } from "#engine/prediction/predict.js";
import { runnerMain } from "#platform/runnerProcess.js";
import type { PredictionAnswer, PredictorInput, PredictorMessage, PredictorRequest } from "../predictions/predictionProtocol.js";

/** Texts are named as the caller of Predict sent them. */
const placeOf = (index: number) => ({ field: `inputs[${index}].text` });

// A runner that is kept: loads one checkpoint and answers with its outputs until it is asked to stop.

await runnerMain(async (raw, { send: tell, shouldStop, requests }) => {
  const send = (message: PredictorMessage) => tell(message);
  const refuse = async (error: unknown, id?: number) => {
    const { error: described, log } = describeFailure(error);
    // The supervisor writes what comes here into the service's log.
    if (log !== undefined) process.stderr.write(`${log}\n`);
    await send({ type: "refused", error: { code: described.code, message: described.message }, ...(id !== undefined && { id }) });
  };
  const { checkpointFolder, maxLength } = raw as PredictorInput;
  const predictor = await openPredictor({ checkpointFolder, maxLength, placeOf, shouldStop }).catch(async (error: unknown) => {
    await refuse(error);
  });
  if (!predictor) return;
  await send({ type: "ready" });
  for await (const request of requests) {
    const { id, examples } = request as PredictorRequest;
    try {
      const logits: number[][] = [];
      const answer: PredictionAnswer = { logits: "", width: 0, tokens: [], truncated: [] };
      await predictor.predict(examples, (batch) => {
        for (const { index, logits: row, tokens, truncated } of batch) {
          logits[index] = row;
          answer.tokens[index] = tokens;
          answer.truncated[index] = truncated;
        }
      });
      answer.width = logits[0]?.length ?? 0;
      answer.logits = Buffer.from(Float64Array.from(logits.flat()).buffer).toString("base64");
      await send({ type: "answer", id, answer });
    } catch (error) {
      if (error instanceof FaultError && error.faults.every(({ field }) => field.startsWith("inputs[")))
        await send({ type: "at fault", id, faults: error.faults });
      else await refuse(error, id);
    }
  }
});
