import { openConnection, type Connection } from "./connection.js";
import { compileOptions, type StepwireOptions } from "./options.js";
import { datasets, type Datasets } from "./resources/datasets.js";
import { evaluations, type Evaluations } from "./resources/evaluations.js";
import { optimizers, type Optimizers } from "./resources/optimizers.js";
import { predictor, type Predict } from "./resources/predictions.js";
import { studies, type Studies } from "./resources/studies.js";
import { trainingJobs, type TrainingJobs } from "./resources/trainingJobs.js";

/** A connection to Stepwire's services. Nothing is connected before the first call; many calls may run at once. */
export class Stepwire {
  readonly jobs: TrainingJobs;
  readonly datasets: Datasets;
  readonly optimizers: Optimizers;
  readonly evaluations: Evaluations;
  readonly studies: Studies;
  readonly predict: Predict;
  readonly #connection: Connection;

  /** @throws StepwireError INVALID_ARGUMENT when an option cannot be used */
  constructor(options: StepwireOptions = {}) {
    this.#connection = openConnection(compileOptions(options));
    this.jobs = trainingJobs(this.#connection);
    this.datasets = datasets(this.#connection);
    this.optimizers = optimizers(this.#connection);
    this.evaluations = evaluations(this.#connection);
    this.studies = studies(this.#connection);
    this.predict = predictor(this.#connection);
  }

  /** Ends the connections; calls that are running finish first. */
  close(): void {
    this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }
}
