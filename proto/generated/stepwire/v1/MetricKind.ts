// Original file: stepwire/v1/training_job.proto

export const MetricKind = {
  METRIC_KIND_UNSPECIFIED: 'METRIC_KIND_UNSPECIFIED',
  METRIC_KIND_TRAIN: 'METRIC_KIND_TRAIN',
  METRIC_KIND_EVALUATION: 'METRIC_KIND_EVALUATION',
} as const;

export type MetricKindInput =
  | 'METRIC_KIND_UNSPECIFIED'
  | 0
  | 'METRIC_KIND_TRAIN'
  | 1
  | 'METRIC_KIND_EVALUATION'
  | 2

export type MetricKind = typeof MetricKind[keyof typeof MetricKind]
