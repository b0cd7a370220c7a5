import { type Fault, FaultError } from "#core/fault.js";
import type { TrainingJobDraft } from "#core/jobs/completeSpec.js";
import { resourceIdFault } from "#core/jobs/jobId.js";
import type { TrainingJobRecord, TrainingSpec, TrainingTask } from "#core/jobs/trainingJob.js";
import { namedShapes } from "#core/models/modelParameters.js";
import { trainingHead } from "#core/training/trainingHead.js";
import { resolveOptimizer } from "#core/optimizers/resolveOptimizer.js";
import { layoutDifferences, stateLayout } from "#core/optimizers/stateLayout.js";
import { validateOptimizer } from "#core/optimizers/validateOptimizer.js";
import { quote } from "#core/quote.js";
import { checkpointClasses } from "#engine/models/checkpointClasses.js";
import { inspectModel, type ModelInspection } from "#engine/models/inspectModel.js";
import { inspectTrainingState, type TrainingStateHeader } from "#engine/training/inspectTrainingState.js";
import type { ArtifactStore } from "#platform/artifactStore.js";
import type { RecordStore } from "#platform/recordStore.js";
import { checkpointFolder, checkpointName } from "./attemptFolder.js";

/** The job that another one goes on from. */
export interface ResumeSource {
  job: TrainingJobRecord;
  /** The last step that it did. */
  step: number;
  model: ModelInspection;
}

interface ResumeParts {
  jobs: RecordStore<TrainingJobRecord>;
  artifacts: ArtifactStore;
}

const field = "training_job.resume_from";

/**
 * Finds the job that a draft wants to go on from and compares what it kept with what the draft asks for.
 * @param asked the draft's task, and the classes of its data set, when it is known
 * @returns nothing for a draft that starts anew; `source` as soon as there is a training state to go on from, be it another draft's
 */
export async function resumeFrom(
  parts: ResumeParts,
  tenant: string,
  draft: TrainingJobDraft,
  asked: { task: TrainingTask; classes: readonly string[] } | undefined,
): Promise<{ source?: ResumeSource; faults: Fault[] }> {
  if (draft.resumeFrom === undefined) return { faults: [] };
  const job = await find(parts, tenant, draft.resumeFrom);
  if ("faults" in job) return job;
  try {
    const kept = await readCheckpoint(parts, job);
    const { facts, model } = kept;
    const source = { job, step: facts.step, model };
    const ofSteps = draft.maxSteps === undefined ? undefined : stepsFault(source, "max_steps", draft.maxSteps);
    return {
      source,
      faults: [
        ...modelFaults(draft, job),
        ...(ofSteps ? [ofSteps] : []),
        ...(asked ? taskFaults(kept, asked, job) : []),
        ...optimizerFaults(draft, kept, job),
      ],
    };
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    return { faults: [...error.faults] };
  }
}

/** What is wrong with a number of steps that leaves nothing to do. */
function stepsFault(
  { job, step }: Pick<ResumeSource, "job" | "step">,
  name: "max_steps" | "epochs",
  totalSteps: number,
): Fault | undefined {
  if (totalSteps > step) return undefined;
  const asked = name === "max_steps" ? `${totalSteps}` : `makes ${totalSteps} steps, which`;
  const description = `${asked} is not beyond step ${step}, the last of training job ${quote(job.id)}; allowed: more than ${step} steps`;
  return { field: `training_job.${name}`, reason: "OUT_OF_RANGE", description };
}

async function find({ jobs }: ResumeParts, tenant: string, id: string): Promise<TrainingJobRecord | { faults: Fault[] }> {
  const invalid = resourceIdFault(id, field);
  if (invalid) return { faults: [invalid] };
  const job = (await jobs.get(tenant, id))?.record;
  const allowed = "allowed: a job that SUCCEEDED with keep_training_state";
  const refuse = (reason: string, problem: string): Fault => ({ field, reason, description: `${problem}; ${allowed}` });
  if (!job) return { faults: [refuse("NOT_FOUND", `there is no training job ${quote(id)}`)] };
  const faults = [
    ...(job.state === "SUCCEEDED" ? [] : [refuse("NOT_SUCCEEDED", `training job ${quote(id)} is ${job.state}`)]),
    ...(job.spec.keepTrainingState ? [] : [refuse("STATE_NOT_KEPT", `training job ${quote(id)} keeps no training state`)]),
  ];
  return faults.length > 0 ? { faults } : job;
}

interface Kept extends Pick<TrainingStateHeader, "facts" | "layout"> {
  model: ModelInspection;
  classes: string[];
}

async function readCheckpoint({ artifacts }: ResumeParts, job: TrainingJobRecord): Promise<Kept> {
  const path = checkpointFolder(artifacts, job.tenant, job);
  const folder = { folder: path, roots: [path], name: checkpointName(job.id) };
  const { facts, layout } = await inspectTrainingState(folder, field);
  return { facts, layout, model: await inspectModel(folder, field), classes: await checkpointClasses(folder, field) };
}

function modelFaults({ model }: TrainingJobDraft, { id, spec }: TrainingJobRecord): Fault[] {
  if (model === undefined || model === spec.model) return [];
  const description = `${quote(model)} is not the model of training job ${quote(id)}; allowed: ${quote(spec.model)}, or leave it out`;
  return [{ field: "training_job.model", reason: "CONFLICT", description }];
}

function taskFaults(
  kept: Kept,
  { task, classes }: { task: TrainingTask; classes: readonly string[] },
  { id, spec }: TrainingJobRecord,
): Fault[] {
  if (task !== spec.task) {
    const description = `is for the task ${quote(task)}; that of training job ${quote(id)} is ${quote(spec.task)}, and only such a data set is allowed`;
    return [{ field: "training_job.dataset.id", reason: "CONFLICT", description }];
  }
  if (task !== "classification" || (classes.length === kept.classes.length && classes.every((name, index) => name === kept.classes[index])))
    return [];
  const description = `has the classes ${named(classes)}; training job ${quote(id)} has ${named(kept.classes)}, and only a data set with these is allowed`;
  return [{ field: "training_job.dataset.id", reason: "CONFLICT", description }];
}

const mostNames = 8;

function named(classes: readonly string[]): string {
  const left = classes.length - mostNames;
  return classes.slice(0, mostNames).map(quote).join(", ") + (left > 0 ? ` and ${left} more` : "");
}

/** An optimizer that has faults of its own is not compared. */
function optimizerFaults(draft: TrainingJobDraft, { facts, layout, model, classes }: Kept, { spec }: TrainingJobRecord): Fault[] {
  const optimizer = validateOptimizer(draft.optimizer ?? { name: "" }, "training_job.optimizer");
  if (optimizer.faults.length > 0) return [];
  const shapes = namedShapes(model.config, trainingHead(spec, classes.length));
  const differences = layoutDifferences(stateLayout(resolveOptimizer(optimizer.selection), shapes), layout);
  if (differences.length === 0) return [];
  const name = quote(optimizer.selection.name);
  const description = `${name} cannot go on with the state that ${quote(facts.optimizer.name)} kept: ${differences.join("; ")}; allowed: an optimizer that keeps the same states`;
  return [{ field: "training_job.optimizer", reason: "DOES_NOT_FIT", description }];
}

/** A draft with the model that it may leave out. */
export function withModelOf(draft: TrainingJobDraft, source: ResumeSource | undefined): TrainingJobDraft {
  return source && draft.model === undefined ? { ...draft, model: source.job.spec.model } : draft;
}

/** Whether a job's number of steps is beyond those that were done; known once its rows are. */
export function plannedStepsFault(source: ResumeSource | undefined, spec: TrainingSpec, totalSteps: number): Fault | undefined {
  return source && spec.maxSteps === undefined ? stepsFault(source, "epochs", totalSteps) : undefined;
}
