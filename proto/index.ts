export { loaderOptions } from "./loaderOptions.js";
export { loadContract, protoFiles, protoRoot, type Contract } from "./loadContract.js";
export type * from "./generated/index.js";
export type { CatalogServiceClient, CatalogServiceHandlers } from "./generated/stepwire/v1/CatalogService.js";
export type { EvaluatorServiceClient, EvaluatorServiceHandlers } from "./generated/stepwire/v1/EvaluatorService.js";
export type { StudyServiceClient, StudyServiceHandlers } from "./generated/stepwire/v1/StudyService.js";
export type { TrainerServiceClient, TrainerServiceHandlers } from "./generated/stepwire/v1/TrainerService.js";
export { decodeStatusDetails, encodeStatusDetails, type ErrorDetails, type FieldViolation } from "./errorDetails.js";
