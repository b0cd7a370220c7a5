/** What a run's steps reported, thinned. */
export interface RunCurve {
  /** Training loss, mean over the steps since the last point. */
  loss: { step: number; value: number }[];
  /** Of the whole validation split: accuracy where there are classes, loss elsewhere. */
  validation: { step: number; value: number }[];
}

/** Takes a run's points as they come. */
export interface CurveCollector {
  train(step: number, totalSteps: number, loss: number): void;
  validation(step: number, value: number): void;
  /** Voids all points from a step on: another attempt takes them again. */
  restart(fromStep: number): void;
  curve(): RunCurve;
}

/** Points of the training loss that are kept: more than a plot shows would only be stored. */
const mostPoints = 100;

/** Collects the curve of one run: the training loss as means over about a hundredth of the steps, since single batches are noise. */
export function collectCurve(): CurveCollector {
  const losses = new Map<number, number>();
  const validation = new Map<number, number>();
  let total = 0;
  return {
    train: (step, totalSteps, loss) => {
      total = totalSteps;
      losses.set(step, loss);
    },
    validation: (step, value) => void validation.set(step, value),
    restart: (fromStep) => {
      for (const points of [losses, validation]) for (const step of points.keys()) if (step >= fromStep) points.delete(step);
    },
    curve: () => ({ loss: means(losses, Math.max(1, Math.ceil(total / mostPoints))), validation: sorted(validation) }),
  };
}

function sorted(points: ReadonlyMap<number, number>): { step: number; value: number }[] {
  return [...points].map(([step, value]) => ({ step, value })).toSorted((a, b) => a.step - b.step);
}

/** Each mean stands at the last step of its share. */
function means(points: ReadonlyMap<number, number>, width: number): { step: number; value: number }[] {
  const sums = new Map<number, { sum: number; count: number; last: number }>();
  for (const [step, value] of points) {
    const share = Math.floor((step - 1) / width);
    const { sum, count, last } = sums.get(share) ?? { sum: 0, count: 0, last: 0 };
    sums.set(share, { sum: sum + value, count: count + 1, last: Math.max(last, step) });
  }
  return sorted(new Map([...sums.values()].map(({ sum, count, last }) => [last, sum / count])));
}
