// Original file: stepwire/v1/evaluation.proto


export interface EvaluationProgressInput {
  'examples'?: (number);
  'total_examples'?: (number);
}

export interface EvaluationProgress {
  'examples': (number);
  'total_examples': (number);
}
