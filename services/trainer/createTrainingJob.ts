import { createHash, randomUUID } from "node:crypto";
import type { CreateTrainingJobRequest } from "@stepwire/proto";
import type { DatasetRecord, DatasetSplitRecord } from "#core/datasets/datasetRecord.js";
import { emptyCutReason } from "#core/datasets/countCut.js";
import { defaultValidationFraction } from "#core/datasets/selectRows.js";
import { groupsFile } from "#core/datasets/splitFile.js";
import { type Fault, FaultError } from "#core/fault.js";
import { completeSpec, defaultModel, type TrainingJobDraft } from "#core/jobs/completeSpec.js";
import { requestIdFault, resourceIdFault } from "#core/jobs/jobId.js";
import { labelFaults } from "#core/jobs/jobLabels.js";
import type { ResumePoint, TrainingJobRecord, TrainingPlan, TrainingSpec } from "#core/jobs/trainingJob.js";
import { datasetKind } from "#core/datasets/datasetColumns.js";
import { targetsOf } from "#core/models/adapter.js";
import { trainingHead } from "#core/training/trainingHead.js";
import { plain, quote } from "#core/quote.js";
import { averagingFaults } from "#core/optimizers/averagingFaults.js";
import { stepsFault } from "#core/schedules/validateSchedule.js";
import { planTraining } from "#core/training/planTraining.js";
import { inspectModel, type ModelInspection } from "#engine/models/inspectModel.js";
import type { ArtifactStore } from "#platform/artifactStore.js";
import type { ExpiringStore } from "#platform/expiringStore.js";
import type { CallContext } from "#platform/handlers.js";
import type { JobStream } from "#platform/jobStream.js";
import { RecordExists, type RecordStore } from "#platform/recordStore.js";
import { alreadyExists, invalidArgument } from "#platform/statusError.js";
import type { WorkQueue } from "#platform/workQueue.js";
import { countRows } from "./datasets/countRows.js";
import { locateModel } from "./modelFolder.js";
import { askedTask, createdNames, datasetDemands, lengthsOf, modelFaults } from "./modelFaults.js";
import { publishState } from "./publishState.js";
import { plannedStepsFault, resumeFrom, type ResumeSource, withModelOf } from "./resumeFrom.js";
import { readDraft } from "./wire.js";

/** A request id that was used: the job it made and the body it came with. Kept so that a retried call is answered with the same job. */
export interface RequestRecord {
  id: string;
  createTime: string;
  jobId: string;
  body: string;
}

/** What CreateTrainingJob needs. */
export interface CreateParts {
  jobs: RecordStore<TrainingJobRecord>;
  requests: ExpiringStore<RequestRecord>;
  datasets: RecordStore<DatasetRecord>;
  artifacts: ArtifactStore;
  stream: JobStream;
  queue: WorkQueue;
  models: { roots: readonly string[]; shipped: string };
}

/** Checks everything, stores the job, wakes a worker. Returns the record as it is stored, or as it would be when only validating. */
export async function createTrainingJob(
  parts: CreateParts,
  request: CreateTrainingJobRequest,
  call: CallContext,
): Promise<TrainingJobRecord> {
  const { tenant } = call;
  if (!request.training_job) throw invalidArgument([{ field: "training_job", reason: "REQUIRED", description: "is not set" }]);
  const draft = readDraft(request.training_job);
  const labels = request.training_job.labels;
  const body = digest({ draft, labels, id: request.training_job_id });

  const idFaults = [
    request.training_job_id && resourceIdFault(request.training_job_id, "training_job_id"),
    requestIdFault(request.request_id),
  ];
  const faults: Fault[] = [...idFaults.filter((fault) => typeof fault === "object"), ...labelFaults(labels, "training_job.labels")];
  const earlier = request.request_id === "" ? undefined : await earlierRequest(parts, tenant, request.request_id, body);
  const repeated = earlier && (await parts.jobs.get(tenant, earlier.jobId))?.record;
  if (repeated) return await wake(parts, repeated);

  const checked = await validate(parts, tenant, draft, faults, call.signal);
  // Only what can run is written down: a body that was refused may be mended and sent with the same request id.
  const reservation =
    earlier ?? (request.request_id === "" || request.validate_only ? undefined : await reserve(parts, tenant, request, body));
  const record: TrainingJobRecord = {
    id: reservation?.jobId ?? (request.training_job_id || newId()),
    uid: randomUUID(),
    tenant,
    state: "QUEUED",
    createTime: new Date().toISOString(),
    ...(request.request_id !== "" && { requestId: request.request_id }),
    spec: checked.spec,
    labels,
    plan: checked.plan,
    ...(checked.resume && { resume: checked.resume }),
    attempt: 0,
    ...(call.traceparent !== undefined && { traceparent: call.traceparent }),
  };
  if (request.validate_only) return record;
  try {
    await parts.jobs.create(tenant, record);
  } catch (error) {
    if (!(error instanceof RecordExists)) throw error;
    const existing = (await parts.jobs.get(tenant, record.id))?.record;
    // Two calls with one request id at the same moment: the first made the job, both get it.
    if (existing && reservation && existing.requestId === request.request_id) return await wake(parts, existing);
    throw alreadyExists("training job", record.id, "training_job_id", "choose another id, or leave it out");
  }
  await publishState(parts.stream, record);
  return await wake(parts, record);
}

/**
 * Sends a queued job's wake-up, also again for a repeated call. The job is stored, so the answer is that it is: a wake-up that is lost is
 * sent once more by the supervisors' sweeps.
 */
async function wake(parts: CreateParts, job: TrainingJobRecord): Promise<TrainingJobRecord> {
  if (job.state === "QUEUED") await parts.queue.enqueue(job.tenant, job.id, job.uid, job.traceparent).catch(() => undefined);
  return job;
}

async function earlierRequest(parts: CreateParts, tenant: string, requestId: string, body: string): Promise<RequestRecord | undefined> {
  const earlier = await parts.requests.get(tenant, digest(requestId));
  if (earlier && earlier.body !== body)
    throw alreadyExists(
      "request",
      plain(requestId),
      "request_id",
      "it came before with another body; make a new request id for another job",
    );
  return earlier;
}

async function reserve(
  parts: CreateParts,
  tenant: string,
  request: CreateTrainingJobRequest,
  body: string,
): Promise<RequestRecord | undefined> {
  const record = { id: digest(request.request_id), createTime: new Date().toISOString(), jobId: request.training_job_id || newId(), body };
  try {
    await parts.requests.create(tenant, record);
    return record;
  } catch (error) {
    if (!(error instanceof RecordExists)) throw error;
    return await earlierRequest(parts, tenant, request.request_id, body);
  }
}

async function validate(
  parts: CreateParts,
  tenant: string,
  draft: TrainingJobDraft,
  faults: Fault[],
  signal: AbortSignal,
): Promise<{ spec: TrainingSpec; plan: TrainingPlan; resume?: ResumePoint }> {
  const dataset = draft.dataset?.id ? (await parts.datasets.get(tenant, draft.dataset.id))?.record : undefined;
  if (draft.dataset?.id && !dataset)
    faults.push({
      field: "training_job.dataset.id",
      reason: "NOT_FOUND",
      description: `there is no data set ${quote(draft.dataset.id)}; import it first`,
    });
  const { source, faults: unfit } = await resumeFrom(
    parts,
    tenant,
    draft,
    dataset && { task: askedTask(draft, dataset), classes: dataset.classes },
  );
  faults.push(...unfit);
  const ofModel: Fault[] = [];
  // The checkpoint's own configuration is that of its model.
  const model = source?.model ?? (await collect(ofModel, () => inspect(parts, draft.model || defaultModel)));
  const demands = datasetDemands(draft, dataset);
  if (model) ofModel.push(...modelFaults(draft, model, demands));
  const completed = completeSpec(
    withModelOf(draft, source),
    dataset && { kind: datasetKind(dataset.columns), splits: dataset.splits },
    model && lengthsOf(model, demands),
  );
  faults.push(...completed.faults, ...ofModel);
  if (faults.length > 0 || !completed.spec || !dataset) throw invalidArgument(faults);
  const { lora } = completed.spec;
  // The checkpoint's adapter says what it is beside; so does the job, where the model is known.
  const spec = lora && model ? { ...completed.spec, lora: { ...lora, targets: targetsOf(model.config, lora) } } : completed.spec;
  return {
    spec,
    plan: await plan(parts, spec, dataset, { model, source }, signal),
    ...(source && { resume: { uid: source.job.uid, attempt: source.job.attempt } }),
  };
}

/** A hub model is inspected by the worker, once it has fetched it. */
async function inspect(parts: CreateParts, model: string): Promise<ModelInspection | undefined> {
  const location = await locateModel(model, parts.models, "training_job.model");
  return "folder" in location ? await inspectModel(location, "training_job.model") : undefined;
}

async function plan(
  parts: CreateParts,
  spec: TrainingSpec,
  dataset: DatasetRecord,
  { model, source }: { model: ModelInspection | undefined; source: ResumeSource | undefined },
  signal: AbortSignal,
): Promise<TrainingPlan> {
  const train = dataset.splits.find((split) => split.name === spec.dataset.trainSplit);
  const validation = dataset.splits.find((split) => split.name === spec.dataset.validationSplit);
  if (!train) throw new Error(`the data set "${dataset.id}" has lost its split "${spec.dataset.trainSplit}"`);
  const rows = validation ? { train: train.rows, validation: validation.rows } : await cut(parts, spec, dataset, train, signal);
  const planned = planTraining({
    spec,
    trainRows: Math.min(rows.train, spec.dataset.maxTrainRows ?? Infinity),
    validationRows: rows.validation,
    tokenLengths: train.tokenLengths,
    head: trainingHead(spec, dataset.classes.length),
    ...(model && { model: { parameters: model.parameters, config: model.config, created: createdNames(model) } }),
    ...(source && { firstStep: source.step + 1 }),
  });
  const { totalSteps } = planned;
  const ofSteps = [stepsFault(spec.schedule, totalSteps, "training_job.schedule"), plannedStepsFault(source, spec, totalSteps)];
  const faults = [
    ...ofSteps.filter((fault) => fault !== undefined),
    ...averagingFaults(spec.optimizer, totalSteps, "training_job.optimizer"),
  ];
  if (faults.length > 0) throw invalidArgument(faults);
  return planned;
}

/** Counts the rows exactly: the schedule depends on the number of steps. */
async function cut(
  { artifacts }: CreateParts,
  spec: TrainingSpec,
  { tenant, uid, classes }: DatasetRecord,
  split: DatasetSplitRecord,
  signal: AbortSignal,
): Promise<{ train: number; validation: number }> {
  const path = artifacts.path(tenant, "datasets", uid, groupsFile(split.name));
  const fraction = spec.dataset.validationFraction ?? defaultValidationFraction;
  const counted = await countRows(
    { path, classes: Math.max(1, classes.length), fraction, seed: spec.dataset.splitSeed },
    split.rows,
    signal,
  );
  if (counted.train === 0 || counted.validation === 0)
    throw invalidArgument([
      {
        field: "training_job.dataset.validation_fraction",
        reason: "CANNOT_BE_CUT",
        description: emptyCutReason(counted, { name: split.name, classes, classCounts: split.classCounts }),
      },
    ]);
  return counted;
}

async function collect<T>(faults: Fault[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    faults.push(...error.faults);
    return undefined;
  }
}

function newId(): string {
  return `job-${randomUUID().slice(0, 13)}`;
}

/** The same for objects whose keys came in another order: maps have none on the wire. */
function digest(value: unknown): string {
  const sorted = (_key: string, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : item;
  return createHash("sha256").update(JSON.stringify(value, sorted)).digest("hex");
}
