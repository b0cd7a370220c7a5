/** Logits of a language model that exist at the same time, in numbers: those of all tokens would be the largest tensor of a step. */
export const logitsAtOnce = 2 ** 24;
