/** What one call of Predict may hold: question and answer have to fit into a message of NATS, which is 1 MiB. */
export const predictionLimits = { examples: 256, bytes: 384 * 1024 };
