// Original file: stepwire/v1/comparison.proto


export interface GroupValueInput {
  'group'?: (string);
  'value'?: (string);
}

export interface GroupValue {
  'group': (string);
  'value': (string);
}
