// Original file: stepwire/v1/comparison.proto


export interface EqualFactInput {
  'name'?: (string);
  'value'?: (string);
}

export interface EqualFact {
  'name': (string);
  'value': (string);
}
