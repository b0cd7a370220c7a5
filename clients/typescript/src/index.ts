export { Stepwire } from "./stepwire.js";
export { StepwireError, type StepwireErrorOptions } from "./stepwireError.js";
export { statusCodes, type StatusCode } from "./statusCodes.js";
export type { CallOptions, StepwireOptions } from "./options.js";
export type { CreateOptions } from "./resources/createOptions.js";
export type { DatasetFile, DatasetFormat } from "./resources/datasetFiles.js";
export type { DatasetColumnsInput, DatasetInput, Datasets, ImportOptions, ImportProgress } from "./resources/datasets.js";
export type {
  ComparedEvaluations,
  ComparisonRequest,
  EvaluationHandle,
  EvaluationRequest,
  Evaluations,
  ListEvaluationsOptions,
  SentPredictions,
} from "./resources/evaluations.js";
export type { ClassRow, CompletionRow, NumberRow, PredictionRow } from "./resources/sentPredictions.js";
export type { Optimizers } from "./resources/optimizers.js";
export type { Predict, PredictInput, Predictions } from "./resources/predictions.js";
export type { ListStudiesOptions, Studies, StudyHandle, StudyReportFormat } from "./resources/studies.js";
export type { Job, ListJobsOptions, TrainingJobs } from "./resources/trainingJobs.js";
export type { TrainingWatch, WatchOptions } from "./resources/watchTrainingJob.js";
export { givenFields, wireMessage } from "./mapping/givenFields.js";
export { messageJson, type JsonStyle } from "./mapping/messageJson.js";
export type { JsonObject, JsonValue } from "./mapping/clientTypes.js";
export type * from "./messages.js";
