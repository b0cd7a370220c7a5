// Original file: stepwire/v1/study.proto

export const StudyState = {
  STUDY_STATE_UNSPECIFIED: 'STUDY_STATE_UNSPECIFIED',
  STUDY_STATE_QUEUED: 'STUDY_STATE_QUEUED',
  STUDY_STATE_RUNNING: 'STUDY_STATE_RUNNING',
  /**
   * The report is there.
   */
  STUDY_STATE_SUCCEEDED: 'STUDY_STATE_SUCCEEDED',
  STUDY_STATE_FAILED: 'STUDY_STATE_FAILED',
  STUDY_STATE_CANCELLED: 'STUDY_STATE_CANCELLED',
} as const;

export type StudyStateInput =
  | 'STUDY_STATE_UNSPECIFIED'
  | 0
  | 'STUDY_STATE_QUEUED'
  | 1
  | 'STUDY_STATE_RUNNING'
  | 2
  /**
   * The report is there.
   */
  | 'STUDY_STATE_SUCCEEDED'
  | 3
  | 'STUDY_STATE_FAILED'
  | 4
  | 'STUDY_STATE_CANCELLED'
  | 5

export type StudyState = typeof StudyState[keyof typeof StudyState]
