// Original file: stepwire/v1/evaluator_service.proto

import type { PredictionSourceInput as _stepwire_v1_PredictionSourceInput, PredictionSource as _stepwire_v1_PredictionSource } from '../../stepwire/v1/PredictionSource.js';
import type { BootstrapSettingsInput as _stepwire_v1_BootstrapSettingsInput, BootstrapSettings as _stepwire_v1_BootstrapSettings } from '../../stepwire/v1/BootstrapSettings.js';

export interface PredictionHeaderInput {
  /**
   * Made by the server when empty.
   */
  'evaluation_id'?: (string);
  'source'?: (_stepwire_v1_PredictionSourceInput | null);
  /**
   * Names of the classes, 2 to 256 of at most 100 characters; a class is known by its place. Of a classification only.
   */
  'classes'?: (string)[];
  /**
   * As of an evaluation. Grouped examples get a clustered interval, so that none is chosen for them.
   */
  'level'?: (number | string);
  'interval'?: (string);
  'bootstrap'?: (_stepwire_v1_BootstrapSettingsInput | null);
  '_level'?: "level";
}

export interface PredictionHeader {
  /**
   * Made by the server when empty.
   */
  'evaluation_id': (string);
  'source': (_stepwire_v1_PredictionSource | null);
  /**
   * Names of the classes, 2 to 256 of at most 100 characters; a class is known by its place. Of a classification only.
   */
  'classes': (string)[];
  /**
   * As of an evaluation. Grouped examples get a clustered interval, so that none is chosen for them.
   */
  'level'?: (number);
  'interval': (string);
  'bootstrap': (_stepwire_v1_BootstrapSettings | null);
  '_level'?: "level";
}
