import { evaluationEnded, type EvaluationRecord } from "#core/evaluations/evaluation.js";
import { type StudyRecord, studyEnded } from "#core/studies/study.js";
import { plain } from "#core/quote.js";
import type { ArtifactStore } from "#platform/artifactStore.js";
import { RevisionConflict, type RecordStore } from "#platform/recordStore.js";
import { failedPrecondition, notFound } from "#platform/statusError.js";

/** What ending evaluations needs. */
export interface EndParts {
  evaluations: RecordStore<EvaluationRecord>;
  artifacts: ArtifactStore;
  studies: RecordStore<StudyRecord>;
}

/** Ends an evaluation: its worker sees the record change and stops. @throws StatusError NOT_FOUND, or FAILED_PRECONDITION when it has ended otherwise */
export async function cancelEvaluation({ evaluations }: EndParts, tenant: string, id: string): Promise<EvaluationRecord> {
  const changed = await evaluations.change(tenant, id, (now) => {
    if (now.state === "CANCELLED") return undefined;
    if (evaluationEnded(now.state))
      throw failedPrecondition("EVALUATION_ENDED", `evaluation "${now.id}" has already ended: ${now.state}`, { state: now.state });
    const { lease: _lease, ...rest } = now;
    return { ...rest, state: "CANCELLED", endTime: new Date().toISOString() };
  });
  return changed ?? (await find(evaluations, tenant, id)).record;
}

/**
 * Removes one that has ended.
 * @throws StatusError NOT_FOUND, or FAILED_PRECONDITION before it has ended or while a study still needs it
 */
export async function deleteEvaluation({ evaluations, artifacts, studies }: EndParts, tenant: string, id: string): Promise<void> {
  for (;;) {
    const { record, revision } = await find(evaluations, tenant, id);
    if (!evaluationEnded(record.state))
      throw failedPrecondition("EVALUATION_NOT_ENDED", `evaluation "${record.id}" is ${record.state}; cancel it, or wait for its end`, {
        state: record.state,
      });
    const [study] = studies.find((each) => each.tenant === tenant && !studyEnded(each.state) && needs(each, id));
    if (study)
      throw failedPrecondition(
        "EVALUATION_NEEDED",
        `study "${study.id}" still needs evaluation "${record.id}"; cancel it, or wait for its end`,
        {
          study: study.id,
        },
      );
    try {
      await evaluations.delete(tenant, id, revision);
    } catch (error) {
      if (error instanceof RevisionConflict) continue;
      throw error;
    }
    // After the record: predictions that no record names do no harm.
    return await artifacts.remove(tenant, "evaluations", record.uid);
  }
}

function needs({ runs }: StudyRecord, id: string): boolean {
  return runs.some(({ evaluation }) => evaluation === id);
}

async function find(evaluations: EndParts["evaluations"], tenant: string, id: string) {
  const found = await evaluations.get(tenant, id);
  if (!found) throw notFound("evaluation", plain(id), "id");
  return found;
}
