import type {
  CancelStudyRequest,
  CreateStudyRequest,
  GetStudyReportRequest,
  GetStudyRequest,
  ListStudiesRequest,
  ListStudiesResponseInput,
  StudyInput,
  StudyReportInput,
  StudyUpdateInput,
  WatchStudyRequest,
} from "@stepwire/proto";
import { plain, quote } from "#core/quote.js";
import { studyEnded, type StudyRecord, type StudyRun } from "#core/studies/study.js";
import type { ArtifactStore } from "#platform/artifactStore.js";
import { type CallContext, serverStream, unary } from "#platform/handlers.js";
import { isHeld } from "#platform/lease.js";
import { listPage } from "#platform/pageSize.js";
import { failedPrecondition, invalidArgument, notFound } from "#platform/statusError.js";
import type { CreateStudyParts } from "./createStudy.js";
import { reportFiles } from "./reportFiles.js";
import { writeStudy, writeStudyRun } from "./wireStudy.js";

/** What StudyService needs. */
export interface StudyParts extends CreateStudyParts {
  artifacts: ArtifactStore;
}

/** The handlers of StudyService. */
export function studyService(parts: StudyParts) {
  const { studies } = parts;
  const find = async (id: string, { tenant }: CallContext): Promise<StudyRecord> => {
    const found = await studies.get(tenant, id);
    if (!found) throw notFound("study", plain(id), "id");
    return found.record;
  };
  return {
    CreateStudy: unary<CreateStudyRequest, StudyInput>(async (request, call) => {
      // With the optimizers' catalogue, which takes time to load that a starting service does not have.
      const { createStudy } = await import("./createStudy.js");
      return writeStudy(await createStudy(parts, request, call), true);
    }),

    GetStudy: unary<GetStudyRequest, StudyInput>(async ({ id }, call) => writeStudy(await find(id, call), true)),

    ListStudies: unary<ListStudiesRequest, ListStudiesResponseInput>(async (request, { tenant }) => {
      const list = (pageSize: number) => studies.list(tenant, { filter: () => true, pageSize, pageToken: request.page_token });
      const { messages, nextPageToken } = await listPage(request.page_size, list, (record) => writeStudy(record, false));
      return { studies: messages, next_page_token: nextPageToken };
    }),

    WatchStudy: serverStream<WatchStudyRequest, StudyUpdateInput>(async function* ({ id }, call) {
      const { uid } = await find(id, call);
      const told = new Map<string, string>();
      for await (const record of studies.watch(call.tenant, id, call.signal)) {
        // A deleted id used again is another study.
        if (record.uid !== uid) return;
        yield { study: writeStudy(record, false), changed_runs: changedRuns(record.runs, told).map(writeStudyRun) };
        if (studyEnded(record.state)) return;
      }
    }),

    CancelStudy: unary<CancelStudyRequest, StudyInput>(async ({ id }, call) => {
      await find(id, call);
      const changed = await studies.change(call.tenant, id, (study) => {
        if (study.state === "CANCELLED" || study.cancelling) return undefined;
        if (studyEnded(study.state))
          throw failedPrecondition("STUDY_ENDED", `study "${study.id}" has already ended: ${study.state}`, { state: study.state });
        return { ...study, cancelling: true };
      });
      // Whoever has it sees that it is cancelled; one that nobody has is woken, so that its jobs are ended too.
      if (changed && !isHeld(changed)) await parts.queue.enqueue(call.tenant, id, changed.uid, changed.traceparent).catch(() => undefined);
      return writeStudy(changed ?? (await find(id, call)), true);
    }),

    GetStudyReport: unary<GetStudyReportRequest, StudyReportInput>(async ({ id, format }, call) => {
      const file = reportFiles[(format || "json") as keyof typeof reportFiles];
      if (!Object.hasOwn(reportFiles, format || "json") || !file) {
        const description = `${quote(format)} is not a format; allowed: ${Object.keys(reportFiles).join(", ")}`;
        throw invalidArgument([{ field: "format", reason: "UNKNOWN_VALUE", description }]);
      }
      const study = await find(id, call);
      if (study.state !== "SUCCEEDED")
        throw failedPrecondition("STUDY_NOT_SUCCEEDED", `study "${study.id}" is ${study.state}; only one that SUCCEEDED has a report`, {
          state: study.state,
        });
      const document = await parts.artifacts.readFile(call.tenant, "studies", study.uid, file.name);
      return { media_type: file.mediaType, document: document.toString("utf8") };
    }),
  };
}

/** The runs that are not as they were told last. */
function changedRuns(runs: readonly StudyRun[], told: Map<string, string>): StudyRun[] {
  return runs.filter((run) => {
    const text = JSON.stringify(run);
    if (told.get(run.trainingJob) === text) return false;
    told.set(run.trainingJob, text);
    return true;
  });
}
