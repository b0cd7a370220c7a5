// Original file: stepwire/v1/dataset.proto

import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../google/protobuf/Timestamp.js';
import type { DatasetColumnsInput as _stepwire_v1_DatasetColumnsInput, DatasetColumns as _stepwire_v1_DatasetColumns } from '../../stepwire/v1/DatasetColumns.js';
import type { DatasetSplitInput as _stepwire_v1_DatasetSplitInput, DatasetSplit as _stepwire_v1_DatasetSplit } from '../../stepwire/v1/DatasetSplit.js';

/**
 * A data set of texts, validated and stored by ImportDataset: with classes, with numbers, or with completions.
 */
export interface DatasetInput {
  'id'?: (string);
  'uid'?: (string);
  'create_time'?: (_google_protobuf_TimestampInput | null);
  /**
   * The columns that the rows were read from.
   */
  'columns'?: (_stepwire_v1_DatasetColumnsInput | null);
  /**
   * Label names, at most 256 of at most 100 characters; a label's index in this list is its class id. Empty where the rows have numbers or
   * completions.
   */
  'classes'?: (string)[];
  'splits'?: (_stepwire_v1_DatasetSplitInput)[];
  /**
   * SHA-256 (hex) over the canonical rows of all splits.
   */
  'digest'?: (string);
  /**
   * What is worth knowing before training, for example texts of the training split that stand in the test split too.
   */
  'warnings'?: (string)[];
}

/**
 * A data set of texts, validated and stored by ImportDataset: with classes, with numbers, or with completions.
 */
export interface Dataset {
  'id': (string);
  'uid': (string);
  'create_time': (_google_protobuf_Timestamp | null);
  /**
   * The columns that the rows were read from.
   */
  'columns': (_stepwire_v1_DatasetColumns | null);
  /**
   * Label names, at most 256 of at most 100 characters; a label's index in this list is its class id. Empty where the rows have numbers or
   * completions.
   */
  'classes': (string)[];
  'splits': (_stepwire_v1_DatasetSplit)[];
  /**
   * SHA-256 (hex) over the canonical rows of all splits.
   */
  'digest': (string);
  /**
   * What is worth knowing before training, for example texts of the training split that stand in the test split too.
   */
  'warnings': (string)[];
}
