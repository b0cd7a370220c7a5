import { describe, expect, it } from "vitest";
import { optimizerText, searchText } from "./optimizerText.js";

describe("an optimizer in a report", () => {
  it("is told with everything that is fixed, and without what is searched", () => {
    const adamw = { name: "adamw", hyperparameters: { weight_decay: 0.01, learning_rate: 1e-3, beta1: 0.9 } };
    expect(optimizerText(adamw, ["learning_rate"])).toBe("adamw (beta1 0.9, weight_decay 0.01)");
    expect(optimizerText({ ...adamw, hyperparameters: { ...adamw.hyperparameters, beta1: 0.5 } }, ["learning_rate"])).not.toBe(
      optimizerText(adamw, ["learning_rate"]),
    );
    expect(
      optimizerText({
        ...{ name: "custom", chain: [{ name: "clip", hyperparameters: { max_norm: 1 } }, { name: "scale_by_learning_rate" }] },
        wrappers: [{ name: "lookahead", hyperparameters: { k: 5 } }],
        groups: [{ pattern: "bert.*", learningRateScale: 0 }],
      }),
    ).toBe("custom; chain: clip (max_norm 1), scale_by_learning_rate; wrappers: lookahead (k 5); groups: bert.* (learning_rate_scale 0)");
  });

  it("has a search that says where it looked", () => {
    expect(searchText({ learning_rate: { min: 1e-5, max: 0.01, scale: "log" }, momentum: { values: [0, 0.9] } })).toBe(
      "learning_rate 1e-5 to 0.01 (log), momentum 0 or 0.9",
    );
  });
});
