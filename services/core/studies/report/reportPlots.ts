import { percent } from "../../comparisons/figures.js";
import { barPlot } from "./plots/barPlot.js";
import { intervalPlot } from "./plots/intervalPlot.js";
import { type Panel, panelNameCharacters, panelPlot, type Series } from "./plots/panels.js";
import { linearScale, logScale } from "./plots/scale.js";
import { fitted } from "./plots/svg.js";
import { ablationsOf, bounds, digitsOf, fixed, memory, numeral, seedShare, signed } from "./reportText.js";
import type { ArmReport, StudyReport } from "./studyReport.js";

/** The arms' results with their intervals (a forest plot), claims beside them. */
export function armsPlot({ arms, metric, declaration }: StudyReport): string {
  const rows = arms.map(({ name, result, claimed }) => {
    const { estimate, lower, upper } = result;
    const digits = digitsOf(result);
    const text = lower === undefined ? fixed(estimate, digits) : `${fixed(estimate, digits)}  [${bounds(result, digits)}]`;
    return {
      ...{ name, estimate, text: Number.isFinite(estimate) ? text : "no result" },
      ...(lower !== undefined && upper !== undefined && { lower, upper }),
      ...(claimed && { claimed: claimed.value }),
    };
  });
  const claims = rows.some(({ claimed }) => claimed !== undefined) ? "; diamonds: values that were claimed" : "";
  return intervalPlot(rows, {
    title: `${metric.name} of each arm on the test split with its ${percent(declaration.level)} interval`,
    axis: `${metric.name}, ${percent(declaration.level)} intervals${claims}`,
  });
}

/** The effect of each element that an ablation lacks. */
export function ablationPlot(report: StudyReport): string {
  const { metric, declaration } = report;
  const rows = ablationsOf(report).map(({ second, difference }) => {
    const { estimate, lower, upper } = difference;
    const digits = digitsOf(difference);
    return {
      name: second,
      estimate,
      text: `${signed(estimate, digits)}  [${bounds(difference, digits, signed)}]`,
      ...(lower !== undefined && upper !== undefined && { lower, upper }),
    };
  });
  return intervalPlot(rows, {
    title: `Effect of each element on ${metric.name}: the whole less what lacks it`,
    axis: `difference of ${metric.name}, whole less ablation; shaded: less than the margin ${declaration.margin}`,
    margin: declaration.margin,
  });
}

/** Mean curves over seeds with their bands, one panel an arm, the reference in each. */
export function curvePlot(report: StudyReport, kind: "loss" | "validation"): string {
  const { arms, declaration, metric } = report;
  const drawn = arms.filter(({ curves }) => curves[kind].length > 0);
  const all = drawn.flatMap(({ curves }) => curves[kind]);
  if (all.length === 0) return "";
  const reference = drawn.find(({ name }) => name === declaration.reference);
  const panels = drawn.map((arm): Panel => ({
    name: named(arm, report),
    series: [
      ...(reference && reference !== arm ? [{ className: "other", points: points(reference, kind) }] : []),
      { className: "own", points: points(arm, kind) },
    ],
  }));
  const values = all.map(({ mean }) => mean).filter(Number.isFinite);
  if (values.length === 0) return "";
  const steps = all.map(({ step }) => step);
  const what = kind === "loss" ? "training loss" : `${metric.name} on the validation split`;
  const held = reference ? `; dashed: ${reference.name}` : "";
  return panelPlot(
    panels.map((panel) => clipped(panel, Math.min(...values), Math.max(...values))),
    {
      title: `${what} over steps, mean over seeds with its ${percent(declaration.level)} band`,
      x: (start, end) => linearScale(Math.min(0, ...steps), Math.max(...steps), start, end, 4),
      y: (start, end) => linearScale(Math.min(...values), Math.max(...values), start, end, 4),
      xName: "step",
      yName: `${what}, mean over seeds, ${percent(declaration.level)} band${held}`,
    },
  );
}

/** What each trial reached on the validation split by its learning rate. */
export function sensitivityPlot({ arms, declaration }: StudyReport): string {
  const tried = arms.flatMap(({ trials }) =>
    trials.flatMap(({ hyperparameters: { learning_rate: rate } }) => (typeof rate === "number" ? [rate] : [])),
  );
  const values = arms.flatMap(({ trials }) =>
    trials.flatMap(({ value }) => (value !== undefined && Number.isFinite(value) ? [value] : [])),
  );
  if (new Set(tried).size < 2 || values.length === 0) return "";
  const panels = arms.map((arm) => sensitivityPanel(arm, Math.min(...values)));
  return panelPlot(panels, {
    title: `Validation ${declaration.tuning.metric} of each trial by its learning rate`,
    x: (start, end) => logScale(Math.min(...tried), Math.max(...tried), start + 6, end - 6),
    y: (start, end) => linearScale(Math.min(...values), Math.max(...values), start, end, 4),
    xName: "learning rate",
    yName: `validation ${declaration.tuning.metric}; filled: chosen; orange: failed`,
  });
}

function sensitivityPanel({ name, trials }: ArmReport, floor: number): Panel {
  const marks = trials
    .flatMap(({ hyperparameters, value, chosen, failure }) => {
      const x = hyperparameters["learning_rate"];
      if (typeof x !== "number") return [];
      const title = `${numeral(x)}: ${failure ?? fixed(value, 4)}`;
      return [
        { x, y: value ?? floor, className: failure !== undefined || value === undefined ? "failed" : chosen ? "chosen" : "trial", title },
      ];
    })
    .toSorted((a, b) => a.x - b.x);
  const series: Series = { className: "own", points: marks.filter(({ className }) => className !== "failed"), marks };
  return { name, series: [series] };
}

export function timePlot(report: StudyReport): string {
  const bars = report.arms.flatMap((arm) => {
    const { name, secondsPerStep } = arm;
    const text = `${(1000 * (secondsPerStep ?? 0)).toFixed(0)} ms${seedShare(arm, report, "")}`;
    return secondsPerStep === undefined ? [] : [{ name, value: 1000 * secondsPerStep, text }];
  });
  return barPlot(
    bars,
    "Time of a training step",
    `milliseconds for a step, mean over the final runs, validation included${bracketNote(report)}`,
  );
}

export function memoryPlot(report: StudyReport): string {
  const bars = report.arms.flatMap((arm) => {
    const { name, peakMemoryBytes } = arm;
    const text = `${memory(peakMemoryBytes)}${seedShare(arm, report, "")}`;
    return peakMemoryBytes === undefined ? [] : [{ name, value: peakMemoryBytes / 1024 ** 2, text }];
  });
  return barPlot(bars, "Peak memory of a training", `MiB, peak of the training process, mean over the final runs${bracketNote(report)}`);
}

function bracketNote(report: StudyReport): string {
  return report.arms.some((arm) => arm.secondsPerStep !== undefined && seedShare(arm, report) !== "")
    ? "; in brackets: of how many seeds"
    : "";
}

/** With the number of its seeds where some failed, which a long name must not hide. */
function named(arm: ArmReport, report: StudyReport): string {
  const share = seedShare(arm, report);
  return share === "" ? arm.name : `${fitted(arm.name, panelNameCharacters - share.length)}${share}`;
}

function points({ curves }: ArmReport, kind: "loss" | "validation") {
  return curves[kind].map(({ step, mean, lower, upper }) => ({
    ...{ x: step, y: mean },
    ...(lower !== undefined && upper !== undefined && { lower, upper }),
  }));
}

/** Bands of few seeds may be far wider than all that was measured: they end at the panel's edge. */
function clipped(panel: Panel, least: number, most: number): Panel {
  const within = (value: number) => Math.min(most, Math.max(least, value));
  return {
    ...panel,
    series: panel.series.map((series) => ({
      ...series,
      points: series.points.map((point) =>
        point.lower === undefined || point.upper === undefined
          ? point
          : { ...point, lower: within(point.lower), upper: within(point.upper) },
      ),
    })),
  };
}
