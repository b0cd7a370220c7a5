/** KV bucket of TrainingJob records; trainer, workers and evaluator read it. */
export const jobBucket = "STEPWIRE_TRAINING_JOBS";

/** KV bucket of the request ids that CreateTrainingJob has answered. */
export const requestBucket = "STEPWIRE_REQUESTS";

/** KV bucket of data set records. */
export const datasetBucket = "STEPWIRE_DATASETS";

/** KV bucket of Evaluation records. */
export const evaluationBucket = "STEPWIRE_EVALUATIONS";

/** KV bucket of Study records. */
export const studyBucket = "STEPWIRE_STUDIES";
