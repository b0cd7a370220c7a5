import type { TrainingSpec } from "../jobs/trainingJob.js";
import type { ModelHead } from "../models/modelParameters.js";

/** What stands on the model of a job. @param classes of its data set */
export function trainingHead({ task }: Pick<TrainingSpec, "task">, classes: number): ModelHead {
  return task === "classification" ? { task, classes } : { task };
}
