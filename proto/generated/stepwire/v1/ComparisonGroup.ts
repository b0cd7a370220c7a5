// Original file: stepwire/v1/comparison.proto


/**
 * A trained model, or a method with a model for each of several training seeds.
 */
export interface ComparisonGroupInput {
  /**
   * That of the optimizer when empty and no other group has it.
   */
  'name'?: (string);
  /**
   * Ids of evaluations that SUCCEEDED, of jobs that differ in the seed only: one in every group, or several in every group.
   */
  'evaluations'?: (string)[];
}

/**
 * A trained model, or a method with a model for each of several training seeds.
 */
export interface ComparisonGroup {
  /**
   * That of the optimizer when empty and no other group has it.
   */
  'name': (string);
  /**
   * Ids of evaluations that SUCCEEDED, of jobs that differ in the seed only: one in every group, or several in every group.
   */
  'evaluations': (string)[];
}
