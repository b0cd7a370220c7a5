// Original file: stepwire/v1/evaluation.proto


export interface ConfusionRowInput {
  'counts'?: (number)[];
}

export interface ConfusionRow {
  'counts': (number)[];
}
