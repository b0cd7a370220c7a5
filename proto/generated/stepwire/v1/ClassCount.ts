// Original file: stepwire/v1/dataset.proto


/**
 * How many rows have one label.
 */
export interface ClassCountInput {
  'label'?: (string);
  'rows'?: (number);
}

/**
 * How many rows have one label.
 */
export interface ClassCount {
  'label': (string);
  'rows': (number);
}
