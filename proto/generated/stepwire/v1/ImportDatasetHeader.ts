// Original file: stepwire/v1/catalog_service.proto

import type { DatasetColumnsInput as _stepwire_v1_DatasetColumnsInput, DatasetColumns as _stepwire_v1_DatasetColumns } from '../../stepwire/v1/DatasetColumns.js';

export interface ImportDatasetHeaderInput {
  /**
   * Made from the content's digest when empty; importing the same content again returns the same data set.
   */
  'dataset_id'?: (string);
  'columns'?: (_stepwire_v1_DatasetColumnsInput | null);
}

export interface ImportDatasetHeader {
  /**
   * Made from the content's digest when empty; importing the same content again returns the same data set.
   */
  'dataset_id': (string);
  'columns': (_stepwire_v1_DatasetColumns | null);
}
