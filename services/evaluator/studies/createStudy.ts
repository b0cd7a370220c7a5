import { createHash, randomUUID } from "node:crypto";
import { type Stepwire, StepwireError } from "@stepwire/client";
import type { CreateStudyRequest, FieldViolation } from "@stepwire/proto";
import { canonicalDigest } from "#core/canonicalDigest.js";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import { chosenSplits, validatedOn } from "#core/datasets/evaluationRows.js";
import type { Fault } from "#core/fault.js";
import { requestIdFault } from "#core/jobs/jobId.js";
import { plain, quote } from "#core/quote.js";
import { completeStudy, studyIdFault } from "#core/studies/completeStudy.js";
import { metricFault } from "#core/studies/metricFault.js";
import type { StudyArm, StudyDeclaration, StudyPlan, StudyRecord, StudyRun } from "#core/studies/study.js";
import { finalRuns, trialPoints, tuningRuns } from "#core/studies/studyRuns.js";
import type { CallContext } from "#platform/handlers.js";
import { RecordExists, type RecordStore } from "#platform/recordStore.js";
import { alreadyExists, invalidArgument } from "#platform/statusError.js";
import type { WorkQueue } from "#platform/workQueue.js";
import { runJob } from "./runJob.js";
import { readStudyDraft } from "./wireStudy.js";

/** What CreateStudy needs. */
export interface CreateStudyParts {
  studies: RecordStore<StudyRecord>;
  datasets: RecordStore<DatasetRecord>;
  queue: WorkQueue;
  stepwire: Stepwire;
}

/** Checks everything, stores the study, wakes a worker. Returns the record as stored, or as it would be when only validating. */
export async function createStudy(parts: CreateStudyParts, request: CreateStudyRequest, call: CallContext): Promise<StudyRecord> {
  const { tenant } = call;
  if (!request.study) throw invalidArgument([{ field: "study", reason: "REQUIRED", description: "is not set" }]);
  const { draft, faults } = readStudyDraft(request.study);
  for (const fault of [studyIdFault(request.study_id), requestIdFault(request.request_id)]) if (fault) faults.push(fault);

  const datasetId = draft.job?.dataset?.id ?? "";
  const dataset = datasetId === "" ? undefined : (await parts.datasets.get(tenant, datasetId))?.record;
  if (datasetId !== "" && !dataset)
    faults.push({ field: "study.job.dataset.id", reason: "NOT_FOUND", description: `there is no data set ${quote(datasetId)}` });
  const checked = completeStudy(draft, dataset === undefined || dataset.classes.length > 0);
  faults.push(...checked.faults);
  if (dataset) faults.push(...testSplitFaults(draft.testSplit || "test", draft, dataset));
  const { declaration } = checked;
  const measured = dataset?.splits.find(({ name }) => name === declaration?.testSplit);
  const ofMetric = declaration && measured && metricFault(declaration.metric, measured);
  if (ofMetric) faults.push(ofMetric);
  const planned = dataset && (await planRuns(parts.stepwire, askable(declaration, faults), call.signal));
  if (planned) faults.push(...planned.faults);
  if (faults.length > 0 || !dataset || !planned) throw invalidArgument(faults);

  const requestDigest = createHash("sha256").update(`${tenant}/${request.request_id}`).digest("hex");
  const id = request.study_id || (request.request_id === "" ? `study-${randomUUID().slice(0, 13)}` : `study-${requestDigest.slice(0, 16)}`);
  const identity = { id, declaration, datasetUid: dataset.uid };
  const tuning = tuningRuns(identity);
  const record: StudyRecord = {
    ...identity,
    uid: randomUUID(),
    tenant,
    state: "QUEUED",
    createTime: new Date().toISOString(),
    ...(request.request_id !== "" && { requestId: request.request_id }),
    declarationDigest: canonicalDigest(declaration),
    plan: { tuningRuns: tuning.length, finalRuns: declaration.arms.length * declaration.seeds.length, ...planned.cost },
    runs: tuning.length > 0 ? tuning : finalRuns(identity, []),
    attempt: 0,
    ...(call.traceparent !== undefined && { traceparent: call.traceparent }),
  };
  if (request.validate_only) return record;
  try {
    await parts.studies.create(tenant, record);
  } catch (error) {
    if (!(error instanceof RecordExists)) throw error;
    const existing = (await parts.studies.get(tenant, id))?.record;
    const same = existing?.declarationDigest === record.declarationDigest && existing.datasetUid === dataset.uid;
    if (existing && same && request.request_id !== "" && existing.requestId === request.request_id) return await wake(parts, existing);
    throw request.study_id
      ? alreadyExists("study", id, "study_id", "choose another id, or leave it out")
      : alreadyExists(
          "request",
          plain(request.request_id),
          "request_id",
          "it came before with another body; make a new request id for another study",
        );
  }
  return await wake(parts, record);
}

/** The study is stored, so the answer is that it is: a wake-up that is lost is sent again by the supervisors' sweeps. */
async function wake({ queue }: CreateStudyParts, study: StudyRecord): Promise<StudyRecord> {
  if (study.state === "QUEUED") await queue.enqueue(study.tenant, study.id, study.uid, study.traceparent).catch(() => undefined);
  return study;
}

function testSplitFaults(split: string, { job }: { job?: StudyDeclaration["job"] }, { splits }: DatasetRecord): Fault[] {
  const names = splits.map(({ name }) => name);
  const chosen = chosenSplits(job?.dataset ?? {}, names);
  const used = [chosen.trainSplit, validatedOn(chosen)];
  const field = "study.test_split";
  const free = names.filter((name) => !used.includes(name));
  const allowed =
    free.length === 0 ? "the data set has no other split: import one that nothing is chosen by" : `allowed: ${free.join(", ")}`;
  // "validation" is also what rows are called that were cut from the training split: an evaluation could not tell the two apart.
  const what =
    names.includes(split) && chosen.validationSplit === undefined && split !== chosen.trainSplit
      ? "is also what the rows are called that the runs cut from their training split and are chosen by"
      : "is what the runs train on or are chosen by, so it tells nothing new";
  if (used.includes(split)) return [{ field, reason: "CONFLICT", description: `${quote(split)} ${what}; ${allowed}` }];
  return names.includes(split)
    ? []
    : [{ field, reason: "NOT_FOUND", description: `the data set has no split ${quote(split)}; ${allowed}` }];
}

/** What the trainer can judge of a declaration with faults: arms without any of their own, and what their jobs have in common. */
function askable(declaration: StudyDeclaration, faults: readonly Fault[]): { declaration: StudyDeclaration; arms: IndexedArm[] } {
  const isFaulty = (path: string) => faults.some(({ field }) => field === path || field.startsWith(`${path}.`));
  const { optimizer: _optimizer, seed: _seed, resumeFrom: _resumeFrom, ...job } = declaration.job as Record<string, unknown>;
  const arms = declaration.arms.map((arm, index) => ({ arm, index })).filter(({ index }) => !isFaulty(`study.arms[${index}]`));
  // Without a number of trials there are no points, and of too many runs nobody is asked.
  const none = isFaulty("study.tuning") || faults.some(({ field }) => field === "study.arms");
  return { declaration: { ...declaration, job }, arms: none ? [] : arms };
}

interface IndexedArm {
  arm: StudyArm;
  index: number;
}

/** Trainers are asked about so many jobs at a time. */
const asked = 4;

/** Asks the trainer about every trial of every arm: what is wrong with them, and what they take. */
async function planRuns(
  stepwire: Stepwire,
  { declaration, arms }: ReturnType<typeof askable>,
  signal: AbortSignal,
): Promise<{ cost: Pick<StudyPlan, "expectedSeconds" | "peakMemoryBytes">; faults: Fault[] }> {
  const faults = new Map<string, Fault>();
  const cost = { expectedSeconds: 0, peakMemoryBytes: 0 };
  const questions = arms.flatMap(({ arm, index }) => trialPoints(declaration, arm).map((point) => ({ arm, index, point })));
  const ask = async ({ arm, index, point }: (typeof questions)[number]) => {
    const plan = await planRun(stepwire, declaration, arm, point, signal);
    if ("faults" in plan) {
      for (const fault of plan.faults) {
        const own = armFault(fault, index, arm);
        faults.set(`${own.field} ${own.description}`, own);
      }
      return;
    }
    const { tuning, seeds } = declaration;
    const tried = tuning.trials > 1 ? tuning.seeds.length : 0;
    cost.expectedSeconds += plan.expectedSeconds * (tried + seeds.length / tuning.trials);
    cost.peakMemoryBytes = Math.max(cost.peakMemoryBytes, plan.peakMemoryBytes);
  };
  const lanes = Array.from({ length: asked }, async () => {
    for (let next = questions.shift(); next; next = questions.shift()) await ask(next);
  });
  await Promise.all(lanes);
  return { cost, faults: [...faults.values()] };
}

async function planRun(
  stepwire: Stepwire,
  declaration: StudyDeclaration,
  arm: StudyArm,
  hyperparameters: StudyRun["hyperparameters"],
  signal: AbortSignal,
): Promise<{ expectedSeconds: number; peakMemoryBytes: number } | { faults: readonly FieldViolation[] }> {
  const input = runJob(declaration, arm, { hyperparameters, seed: declaration.seeds[0] ?? 0 });
  try {
    const { plan } = await stepwire.jobs.create(input, { validateOnly: true, signal });
    return { expectedSeconds: plan?.expectedSeconds ?? 0, peakMemoryBytes: plan?.peakMemoryBytes ?? 0 };
  } catch (error) {
    const failure = StepwireError.from(error);
    if (failure.code !== "INVALID_ARGUMENT") throw failure;
    return { faults: failure.violations };
  }
}

/** A fault of a run's job in the words of the declaration. */
function armFault({ field, reason, description }: FieldViolation, index: number, arm: StudyArm): Fault {
  const path = field.replace(/^training_job\./, "");
  const [, name = ""] = /^optimizer\.hyperparameters\.([^.]+)$/.exec(path) ?? [];
  if (name in arm.search) return { field: `study.arms[${index}].search.${name}`, reason, description };
  return { field: path.startsWith("optimizer") ? `study.arms[${index}].${path}` : `study.job.${path}`, reason, description };
}
