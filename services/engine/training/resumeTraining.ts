import { FaultError } from "#core/fault.js";
import type { TrainingPlan } from "#core/jobs/trainingJob.js";
import type { TrainingFacts } from "#core/training/trainingFacts.js";
import type { ShouldStop } from "../cancellation.js";
import { checkpointClasses } from "../models/checkpointClasses.js";
import { type ModelFolder, modelFolder } from "../models/modelFolder.js";
import type { EngineOptimizer } from "../optimizer/createOptimizer.js";
import { SnapshotMismatch } from "../optimizer/optimizerSnapshot.js";
import type { ParameterStore } from "../parameterStore.js";
import { loadTrainingState } from "./trainingState.js";

const field = "training_job.resume_from";

/**
 * Puts what a checkpoint has kept into the parameters and the optimizer of a job that goes on from it; nothing happens to one that does not.
 * @returns the state of the schedule `reduce_on_plateau`, where one was kept
 * @throws FaultError when it cannot be used, or is not that after the step before the plan's first; Cancelled
 */
export async function resumeTraining(
  checkpoint: ModelFolder | string,
  { firstStep = 1 }: TrainingPlan,
  into: { optimizer: EngineOptimizer; parameters: ParameterStore; classes: readonly string[]; shouldStop: ShouldStop },
): Promise<Pick<TrainingFacts, "plateau">> {
  if (firstStep === 1) return {};
  const refuse = (description: string) => new FaultError([{ field, reason: "DOES_NOT_FIT", description }]);
  // They were compared when the job was created; the folder may have changed since.
  const kept = await checkpointClasses(modelFolder(checkpoint), field);
  if (into.classes.length > 0 && kept.join("\0") !== into.classes.join("\0"))
    throw refuse("the classes of the checkpoint are not those of the job's data set");
  try {
    const { step, plateau } = await loadTrainingState(checkpoint, { ...into, field });
    if (step !== firstStep - 1) throw refuse(`the training state is that after step ${step}; allowed: after step ${firstStep - 1}`);
    return plateau ? { plateau } : {};
  } catch (error) {
    throw error instanceof SnapshotMismatch ? refuse(error.message) : error;
  }
}
