import type {
  CreateEvaluationRequest,
  EvaluationInput,
  GetEvaluationRequest,
  ListEvaluationsRequest,
  ListEvaluationsResponseInput,
} from "@stepwire/proto";
import { unary } from "#platform/handlers.js";
import { pageSize } from "#platform/pageSize.js";
import { notFound } from "#platform/statusError.js";
import { createEvaluation, type CreateParts } from "./createEvaluation.js";
import { writeEvaluation } from "./wire.js";

/** The handlers of EvaluatorService. */
export function evaluatorService(parts: CreateParts) {
  return {
    CreateEvaluation: unary<CreateEvaluationRequest, EvaluationInput>(async (request, call) =>
      writeEvaluation(await createEvaluation(parts, request, call)),
    ),

    GetEvaluation: unary<GetEvaluationRequest, EvaluationInput>(async (request, { tenant }) => {
      const found = await parts.evaluations.get(tenant, request.id);
      if (!found) throw notFound("evaluation", request.id, "id");
      return writeEvaluation(found.record);
    }),

    ListEvaluations: unary<ListEvaluationsRequest, ListEvaluationsResponseInput>(async (request, { tenant }) => {
      const { records, nextPageToken } = await parts.evaluations.list(tenant, {
        filter: (evaluation) => request.training_job === "" || evaluation.trainingJob === request.training_job,
        pageSize: pageSize(request.page_size),
        pageToken: request.page_token,
      });
      return { evaluations: records.map(writeEvaluation), next_page_token: nextPageToken };
    }),
  };
}
