import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collectFaults } from "../datasets/faultCollector.js";
import { defaultIntervals } from "./evaluation.js";
import { classificationMetrics } from "./evaluationMetrics.js";
import { type ColumnName, sentLimits } from "./predictionColumns.js";
import { sentPredictions, type SentSource } from "./sentPredictions.js";

const source: SentSource = { task: "classification", dataset: "reviews", classes: ["bad", "good"] };
const settings = { ...defaultIntervals, bootstrap: { ...defaultIntervals.bootstrap, resamples: 100 } };

interface Row {
  label: number;
  predicted: number;
}

/** Sends rows in batches of a size. */
function sendAll(rows: readonly Row[], size: number, of = source) {
  const columns: ColumnName[] = ["labels", "predicted"];
  const sent = sentPredictions(rows.length, columns, of, collectFaults());
  let lines = "";
  for (let first = 0; first < rows.length; first += size) {
    const batch = rows.slice(first, first + size);
    lines += sent.add({
      labels: Uint32Array.from(batch, ({ label }) => label),
      predicted: Uint32Array.from(batch, ({ predicted }) => predicted),
    });
  }
  return { lines, ...sent.finish(settings) };
}

describe("predictions that are sent", () => {
  const rows = fc.array(fc.record({ label: fc.integer({ min: 0, max: 1 }), predicted: fc.integer({ min: 0, max: 1 }) }), {
    minLength: 1,
    maxLength: 40,
  });

  it("are the same whatever batches they come in", () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 50 }), (all, size) => {
        expect(sendAll(all, size)).toEqual(sendAll(all, all.length));
      }),
      { numRuns: 30 },
    );
  });

  it("are of the same examples exactly where truth, data set and classes are the same", () => {
    const all = [
      { label: 0, predicted: 0 },
      { label: 1, predicted: 0 },
    ];
    const digest = (change: readonly Row[], of = source) => sendAll(change, 9, of).truthDigest;
    const own = digest(all);
    expect(digest(all.map((row) => ({ ...row, predicted: 1 })))).toBe(own);
    for (const other of [
      digest(all.toReversed()),
      digest([...all, ...all]),
      digest(all, { ...source, dataset: "other" }),
      digest(all, { ...source, classes: ["a", "b"] }),
    ])
      expect(other).not.toBe(own);
    expect(
      sendAll(
        all.map((row) => ({ ...row, predicted: 1 })),
        9,
      ).digest,
    ).not.toBe(sendAll(all, 9).digest);
  });

  it("have the metrics of logits with the same probabilities", () => {
    const probabilities = [
      [0.9, 0.1],
      [0.25, 0.75],
      [0.5, 0.5],
      [0.3, 0.7],
    ];
    const labels = [0, 0, 1, 1];
    const sent = sentPredictions(4, ["labels", "probabilities"], source, collectFaults());
    sent.add({ labels: Uint32Array.from(labels), probabilities: Float64Array.from(probabilities.flat()) });
    const { metrics } = sent.finish(settings);
    const own = classificationMetrics(
      labels.map((label, index) => ({ label, logits: (probabilities[index] ?? []).map(Math.log) })),
      source.classes,
      settings,
    ).metrics;
    expect(metrics.confusionMatrix).toEqual(own.confusionMatrix);
    for (const name of ["brier", "calibrationError", "rocAuc", "lossInterval"] as const)
      expect(metrics[name]?.estimate).toBeCloseTo(own[name]?.estimate ?? Number.NaN, 12);
  });

  it("have a limit to their groups, which is said once", () => {
    const faults = collectFaults();
    const count = sentLimits.groups + 10;
    const sent = sentPredictions(count, ["labels", "predicted", "groups"], source, faults);
    sent.add({
      labels: new Uint32Array(count),
      predicted: new Uint32Array(count),
      groups: Uint32Array.from({ length: count }, (_, index) => index),
    });
    expect(faults.list()).toMatchObject([{ field: "rows.groups", reason: "TOO_MANY_GROUPS" }]);
    expect(() => sent.finish(settings)).toThrow("1 faults among them");
  });

  it("are refused where a number is not finite or a completion has more right tokens than tokens", () => {
    const faults = collectFaults();
    const numbers = sentPredictions(2, ["targets", "predicted_numbers"], { ...source, task: "regression", classes: [] }, faults);
    numbers.add({ targets: Float64Array.of(1, Number.NaN), predicted_numbers: Float64Array.of(Infinity, 2) });
    const completions = sentPredictions(2, ["losses", "tokens", "correct_tokens"], { ...source, task: "causal_lm", classes: [] }, faults);
    completions.add({ losses: Float64Array.of(-1, 2), tokens: Uint32Array.of(0, 3), correct_tokens: Uint32Array.of(0, 4) });
    expect(faults.list().map(({ field }) => field)).toEqual([
      "rows[0].predicted_number",
      "rows[1].target",
      "rows[0].loss",
      "rows[0].tokens",
      "rows[1].correct_tokens",
    ]);
  });
});

it("more scores than can be ranked have no ROC AUC, and say so", () => {
  const classes = Array.from({ length: 256 }, (_, id) => `class ${id}`);
  const count = 80_000;
  const sent = sentPredictions(count, ["labels", "probabilities"], { ...source, classes }, collectFaults());
  const row = Float64Array.from(classes, () => 1 / 256);
  for (let first = 0; first < count; first += 1000) {
    const probabilities = new Float64Array(1000 * 256);
    for (let place = 0; place < 1000; place++) probabilities.set(row, place * 256);
    sent.add({ labels: Uint32Array.from({ length: 1000 }, (_, place) => (first + place) % 256), probabilities });
  }
  const { rocAuc, loss } = sent.finish(settings).metrics;
  expect(rocAuc).toMatchObject({ estimate: Number.NaN, unavailable: expect.stringContaining("20000000 scores") as string });
  expect(loss).toBeCloseTo(Math.log(256), 9);
});
