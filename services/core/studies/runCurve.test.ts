import { describe, expect, it } from "vitest";
import { collectCurve } from "./runCurve.js";

describe("a run's curve", () => {
  it("has the mean training loss of each hundredth of the steps, at its last step", () => {
    const collector = collectCurve();
    for (let step = 1; step <= 400; step++) collector.train(step, 400, step);
    const { loss } = collector.curve();
    expect(loss).toHaveLength(100);
    expect(loss.slice(0, 2)).toEqual([
      { step: 4, value: 2.5 },
      { step: 8, value: 6.5 },
    ]);
    expect(loss.at(-1)).toEqual({ step: 400, value: 398.5 });
  });

  it("forgets what an attempt took that another took again", () => {
    const collector = collectCurve();
    for (let step = 1; step <= 5; step++) collector.train(step, 5, 1);
    collector.validation(2, 0.1);
    collector.validation(4, 0.2);
    collector.restart(4);
    collector.train(4, 5, 2);
    collector.validation(4, 0.3);
    collector.validation(4, 0.3);
    const { loss, validation } = collector.curve();
    expect(loss.map(({ step, value }) => [step, value])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 2],
    ]);
    expect(validation).toEqual([
      { step: 2, value: 0.1 },
      { step: 4, value: 0.3 },
    ]);
  });
});
