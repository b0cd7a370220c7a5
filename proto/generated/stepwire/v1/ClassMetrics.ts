// Original file: stepwire/v1/evaluation.proto


export interface ClassMetricsInput {
  'label'?: (string);
  'support'?: (number);
  'precision'?: (number | string);
  'recall'?: (number | string);
  'f1'?: (number | string);
}

export interface ClassMetrics {
  'label': (string);
  'support': (number);
  'precision': (number);
  'recall': (number);
  'f1': (number);
}
