/** An optimizer of the caller's own, as the SDK takes it. */
export const customChain = {
  name: "custom",
  chain: [
    { name: "scale_by_adam", hyperparameters: { beta2: 0.99 } },
    { name: "cautious", hyperparameters: {} },
    { name: "add_decayed_weights", hyperparameters: { weight_decay: 0.05 } },
    { name: "scale_by_layer_decay", hyperparameters: { layer_decay: 0.8 } },
    { name: "scale_by_learning_rate", hyperparameters: { learning_rate: 0.0001 } },
  ],
  wrappers: [{ name: "exponential_moving_average", hyperparameters: { ema_decay: 0.99 } }],
  groups: [
    { pattern: "bert.embeddings.*", learningRateScale: 0 },
    { pattern: "*.bias", decayed: false },
  ],
};

/** The same as source code, indented to stand in a call. */
export function customChainExample(): string {
  const lists = (["chain", "wrappers", "groups"] as const).map(
    (name) => `    ${name}: [\n${customChain[name].map((each) => `      ${literal(each)},\n`).join("")}    ],\n`,
  );
  return `{\n    name: "${customChain.name}",\n${lists.join("")}  }`;
}

function literal(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, each]) => `${name}: ${literal(each)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
