// Original file: stepwire/v1/optimizer.proto

export const OptimizerElementKind = {
  OPTIMIZER_ELEMENT_KIND_UNSPECIFIED: 'OPTIMIZER_ELEMENT_KIND_UNSPECIFIED',
  /**
   * Changes the update, coordinate by coordinate.
   */
  OPTIMIZER_ELEMENT_KIND_TRANSFORM: 'OPTIMIZER_ELEMENT_KIND_TRANSFORM',
  /**
   * Changes the update of a whole matrix.
   */
  OPTIMIZER_ELEMENT_KIND_MATRIX_TRANSFORM: 'OPTIMIZER_ELEMENT_KIND_MATRIX_TRANSFORM',
  /**
   * Works around all elements before it.
   */
  OPTIMIZER_ELEMENT_KIND_WRAPPER: 'OPTIMIZER_ELEMENT_KIND_WRAPPER',
} as const;

export type OptimizerElementKindInput =
  | 'OPTIMIZER_ELEMENT_KIND_UNSPECIFIED'
  | 0
  /**
   * Changes the update, coordinate by coordinate.
   */
  | 'OPTIMIZER_ELEMENT_KIND_TRANSFORM'
  | 1
  /**
   * Changes the update of a whole matrix.
   */
  | 'OPTIMIZER_ELEMENT_KIND_MATRIX_TRANSFORM'
  | 2
  /**
   * Works around all elements before it.
   */
  | 'OPTIMIZER_ELEMENT_KIND_WRAPPER'
  | 3

export type OptimizerElementKind = typeof OptimizerElementKind[keyof typeof OptimizerElementKind]
