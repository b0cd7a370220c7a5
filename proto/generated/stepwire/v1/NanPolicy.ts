// Original file: stepwire/v1/training_job.proto

export const NanPolicy = {
  NAN_POLICY_UNSPECIFIED: 'NAN_POLICY_UNSPECIFIED',
  /**
   * The job fails, naming the step (the default).
   */
  NAN_POLICY_FAIL: 'NAN_POLICY_FAIL',
  /**
   * The step is skipped and counted.
   */
  NAN_POLICY_SKIP: 'NAN_POLICY_SKIP',
} as const;

export type NanPolicyInput =
  | 'NAN_POLICY_UNSPECIFIED'
  | 0
  /**
   * The job fails, naming the step (the default).
   */
  | 'NAN_POLICY_FAIL'
  | 1
  /**
   * The step is skipped and counted.
   */
  | 'NAN_POLICY_SKIP'
  | 2

export type NanPolicy = typeof NanPolicy[keyof typeof NanPolicy]
