import type {
  CancelEvaluationRequest,
  CompareRequest,
  ComparisonInput,
  CreateEvaluationRequest,
  DeleteEvaluationRequest,
  EvaluatePredictionsRequest,
  EvaluationInput,
  GetEvaluationRequest,
  ListEvaluationsRequest,
  ListEvaluationsResponseInput,
  PredictRequest,
  PredictResponseInput,
} from "@stepwire/proto";
import { clientStream, unary } from "#platform/handlers.js";
import type { EvaluationRecord } from "#core/evaluations/evaluation.js";
import { plain } from "#core/quote.js";
import { listPage } from "#platform/pageSize.js";
import { notFound } from "#platform/statusError.js";
import { compare, type CompareParts } from "./comparisons/compare.js";
import { createEvaluation, type CreateParts } from "./createEvaluation.js";
import { cancelEvaluation, deleteEvaluation, type EndParts } from "./endEvaluation.js";
import { type PredictParts, predictTexts } from "./predictions/predictTexts.js";
import type { PredictionMeasurer } from "./sentPredictions/evaluatePredictions.js";
import { writeEvaluation } from "./wire.js";
import { writeComparison } from "./wireComparison.js";

/** The handlers of EvaluatorService. */
export function evaluatorService(parts: CreateParts & PredictParts & CompareParts & EndParts & { measurer: PredictionMeasurer }) {
  return {
    CreateEvaluation: unary<CreateEvaluationRequest, EvaluationInput>(async (request, call) =>
      writeEvaluation(await createEvaluation(parts, request, call)),
    ),

    GetEvaluation: unary<GetEvaluationRequest, EvaluationInput>(async (request, { tenant }) => {
      const found = await parts.evaluations.get(tenant, request.id);
      if (!found) throw notFound("evaluation", plain(request.id), "id");
      return writeEvaluation(found.record);
    }),

    ListEvaluations: unary<ListEvaluationsRequest, ListEvaluationsResponseInput>(async (request, { tenant }) => {
      const filter = (evaluation: EvaluationRecord) => request.training_job === "" || evaluation.trainingJob === request.training_job;
      const list = (pageSize: number) => parts.evaluations.list(tenant, { filter, pageSize, pageToken: request.page_token });
      const { messages, nextPageToken } = await listPage(request.page_size, list, writeEvaluation);
      return { evaluations: messages, next_page_token: nextPageToken };
    }),

    CancelEvaluation: unary<CancelEvaluationRequest, EvaluationInput>(async (request, { tenant }) =>
      writeEvaluation(await cancelEvaluation(parts, tenant, request.id)),
    ),

    DeleteEvaluation: unary<DeleteEvaluationRequest, object>(async (request, { tenant }) => {
      await deleteEvaluation(parts, tenant, request.id);
      return {};
    }),

    EvaluatePredictions: clientStream<EvaluatePredictionsRequest, EvaluationInput>(async (requests, call) =>
      writeEvaluation(await parts.measurer.evaluatePredictions(requests, call)),
    ),

    Predict: unary<PredictRequest, PredictResponseInput>((request, call) => predictTexts(parts, request, call)),
    Compare: unary<CompareRequest, ComparisonInput>(async (request, call) => writeComparison(await compare(parts, request, call))),
  };
}
