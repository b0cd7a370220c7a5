// Original file: stepwire/v1/catalog_service.proto

import type { ImportDatasetHeaderInput as _stepwire_v1_ImportDatasetHeaderInput, ImportDatasetHeader as _stepwire_v1_ImportDatasetHeader } from '../../stepwire/v1/ImportDatasetHeader.js';
import type { ImportDatasetFileInput as _stepwire_v1_ImportDatasetFileInput, ImportDatasetFile as _stepwire_v1_ImportDatasetFile } from '../../stepwire/v1/ImportDatasetFile.js';

/**
 * First `header`, once, then for each file `file` and its `chunk`s. At most 16 files, 512 MiB and 3,000,000 rows in all.
 */
export interface ImportDatasetRequestInput {
  'header'?: (_stepwire_v1_ImportDatasetHeaderInput | null);
  'file'?: (_stepwire_v1_ImportDatasetFileInput | null);
  /**
   * At most 1 MiB is a good size; a message of more than 4 MiB is refused.
   */
  'chunk'?: (Buffer | Uint8Array | string);
  'part'?: "header"|"file"|"chunk";
}

/**
 * First `header`, once, then for each file `file` and its `chunk`s. At most 16 files, 512 MiB and 3,000,000 rows in all.
 */
export interface ImportDatasetRequest {
  'header'?: (_stepwire_v1_ImportDatasetHeader | null);
  'file'?: (_stepwire_v1_ImportDatasetFile | null);
  /**
   * At most 1 MiB is a good size; a message of more than 4 MiB is refused.
   */
  'chunk'?: (Buffer);
  'part'?: "header"|"file"|"chunk";
}
