import type * as proto from "@stepwire/proto";
import type { ReadMessage, WriteMessage } from "./mapping/clientTypes.js";

// The contract's messages in the SDK's spelling; each field is documented in proto/stepwire/v1.

export type TrainingJob = ReadMessage<proto.TrainingJob, proto.TrainingJobInput>;
export type TrainingJobState = TrainingJob["state"];
export type TrainingPlan = ReadMessage<proto.TrainingPlan, proto.TrainingPlanInput>;
export type TrainingResult = ReadMessage<proto.TrainingResult, proto.TrainingResultInput>;
export type JobError = ReadMessage<proto.JobError, proto.JobErrorInput>;
export type TrainingEvent = ReadMessage<proto.TrainingEvent, proto.TrainingEventInput>;
export type MetricPoint = ReadMessage<proto.MetricPoint, proto.MetricPointInput>;
export type Dataset = ReadMessage<proto.Dataset, proto.DatasetInput>;
export type Optimizer = ReadMessage<proto.Optimizer, proto.OptimizerInput>;
export type OptimizerElement = ReadMessage<proto.OptimizerElement, proto.OptimizerElementInput>;
export type Evaluation = ReadMessage<proto.Evaluation, proto.EvaluationInput>;
export type EvaluationState = Evaluation["state"];
export type EvaluationMetrics = ReadMessage<proto.EvaluationMetrics, proto.EvaluationMetricsInput>;
export type Comparison = ReadMessage<proto.Comparison, proto.ComparisonInput>;
export type PairComparison = ReadMessage<proto.PairComparison, proto.PairComparisonInput>;
export type Verdict = PairComparison["verdict"];
export type Interval = ReadMessage<proto.Interval, proto.IntervalInput>;
export type Prediction = ReadMessage<proto.Prediction, proto.PredictionInput>;
export type PredictResult = ReadMessage<proto.PredictResponse, proto.PredictResponseInput>;
export type Study = ReadMessage<proto.Study, proto.StudyInput>;
export type StudyState = Study["state"];
export type StudyRun = ReadMessage<proto.StudyRun, proto.StudyRunInput>;
export type StudyPlan = ReadMessage<proto.StudyPlan, proto.StudyPlanInput>;
export type StudyProgress = ReadMessage<proto.StudyProgress, proto.StudyProgressInput>;
export type StudyUpdate = ReadMessage<proto.StudyUpdate, proto.StudyUpdateInput>;

/** The messages that calls return, by their full name. */
export interface ReadMessages {
  "stepwire.v1.TrainingJob": TrainingJob;
  "stepwire.v1.TrainingEvent": TrainingEvent;
  "stepwire.v1.TrainingResult": TrainingResult;
  "stepwire.v1.MetricPoint": MetricPoint;
  "stepwire.v1.Dataset": Dataset;
  "stepwire.v1.Optimizer": Optimizer;
  "stepwire.v1.OptimizerElement": OptimizerElement;
  "stepwire.v1.Evaluation": Evaluation;
  "stepwire.v1.PredictResponse": PredictResult;
  "stepwire.v1.Comparison": Comparison;
  "stepwire.v1.Study": Study;
  "stepwire.v1.StudyUpdate": StudyUpdate;
}

/** The messages that calls send, by their full name, as the generated clients take them. */
export interface WrittenMessages {
  "stepwire.v1.TrainingJob": proto.TrainingJobInput;
  "stepwire.v1.ListTrainingJobsRequest": proto.ListTrainingJobsRequestInput;
  "stepwire.v1.DatasetColumns": proto.DatasetColumnsInput;
  "stepwire.v1.Evaluation": proto.EvaluationInput;
  "stepwire.v1.ListEvaluationsRequest": proto.ListEvaluationsRequestInput;
  "stepwire.v1.ListStudiesRequest": proto.ListStudiesRequestInput;
  "stepwire.v1.PredictionHeader": proto.PredictionHeaderInput;
  "stepwire.v1.PredictionSource": proto.PredictionSourceInput;
  "stepwire.v1.CompareRequest": proto.CompareRequestInput;
  "stepwire.v1.MetricPoint": proto.MetricPointInput;
  "stepwire.v1.Study": proto.StudyInput;
  "stepwire.v1.StudyRun": proto.StudyRunInput;
}

/** What the server sets and a caller cannot. */
type SetByServer = "id" | "uid" | "state" | "createTime" | "startTime" | "endTime" | "plan" | "progress" | "attempt" | "error" | "result";

/** A job as a caller describes it; the server fills in what is left out. */
export type TrainingJobInput = Omit<WriteMessage<proto.TrainingJobInput>, SetByServer>;

/** A study as a caller declares it; the server fills in what is left out. */
export type StudyInput = Omit<WriteMessage<proto.StudyInput>, SetByServer | "runs" | "job"> & {
  /** What all runs have in common. */
  job?: Omit<TrainingJobInput, "optimizer" | "seed" | "resumeFrom"> | undefined;
};
