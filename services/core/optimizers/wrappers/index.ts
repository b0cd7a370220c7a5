export { averagedIterate } from "./averagedIterate.js";
export { exponentialMovingAverage } from "./exponentialMovingAverage.js";
export { lookahead } from "./lookahead.js";
export { scheduleFree } from "./scheduleFree.js";
export { sharpnessAware } from "./sharpnessAware.js";
export { adaptiveSharpnessAware } from "./sharpnessAware.js";
export { stochasticWeightAverage } from "./stochasticWeightAverage.js";
