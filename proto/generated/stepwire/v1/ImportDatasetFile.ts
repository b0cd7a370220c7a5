// Original file: stepwire/v1/catalog_service.proto

import type { DatasetFormatInput as _stepwire_v1_DatasetFormatInput, DatasetFormat as _stepwire_v1_DatasetFormat } from '../../stepwire/v1/DatasetFormat.js';

export interface ImportDatasetFileInput {
  /**
   * "train", "validation" or "test".
   */
  'split'?: (string);
  'format'?: (_stepwire_v1_DatasetFormatInput);
  /**
   * Named in error messages.
   */
  'filename'?: (string);
}

export interface ImportDatasetFile {
  /**
   * "train", "validation" or "test".
   */
  'split': (string);
  'format': (_stepwire_v1_DatasetFormat);
  /**
   * Named in error messages.
   */
  'filename': (string);
}
