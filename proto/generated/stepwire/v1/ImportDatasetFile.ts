// Original file: stepwire/v1/catalog_service.proto

import type { DatasetFormatInput as _stepwire_v1_DatasetFormatInput, DatasetFormat as _stepwire_v1_DatasetFormat } from '../../stepwire/v1/DatasetFormat.js';

export interface ImportDatasetFileInput {
  /**
   * "train", "validation" or "test", or another name of 1 to 63 of a-z, 0-9, "_" and "-", beginning with a letter.
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
   * "train", "validation" or "test", or another name of 1 to 63 of a-z, 0-9, "_" and "-", beginning with a letter.
   */
  'split': (string);
  'format': (_stepwire_v1_DatasetFormat);
  /**
   * Named in error messages.
   */
  'filename': (string);
}
