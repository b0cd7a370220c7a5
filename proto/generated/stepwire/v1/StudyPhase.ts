// Original file: stepwire/v1/study.proto

export const StudyPhase = {
  STUDY_PHASE_UNSPECIFIED: 'STUDY_PHASE_UNSPECIFIED',
  /**
   * Decides between an arm's trials, on the validation split.
   */
  STUDY_PHASE_TUNING: 'STUDY_PHASE_TUNING',
  /**
   * Is compared, on the test split.
   */
  STUDY_PHASE_FINAL: 'STUDY_PHASE_FINAL',
} as const;

export type StudyPhaseInput =
  | 'STUDY_PHASE_UNSPECIFIED'
  | 0
  /**
   * Decides between an arm's trials, on the validation split.
   */
  | 'STUDY_PHASE_TUNING'
  | 1
  /**
   * Is compared, on the test split.
   */
  | 'STUDY_PHASE_FINAL'
  | 2

export type StudyPhase = typeof StudyPhase[keyof typeof StudyPhase]
