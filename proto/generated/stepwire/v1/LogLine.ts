// Original file: stepwire/v1/training_job.proto

import type { StructInput as _google_protobuf_StructInput, Struct as _google_protobuf_Struct } from '../../google/protobuf/Struct.js';

export interface LogLineInput {
  /**
   * "info", "warn" or "error".
   */
  'level'?: (string);
  'message'?: (string);
  'attributes'?: (_google_protobuf_StructInput | null);
}

export interface LogLine {
  /**
   * "info", "warn" or "error".
   */
  'level': (string);
  'message': (string);
  'attributes': (_google_protobuf_Struct | null);
}
