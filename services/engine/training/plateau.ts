import type { ScheduleSelection } from "#core/jobs/trainingJob.js";
import { afterEvaluation, initialPlateau, type PlateauOptions, type PlateauState } from "#core/schedules/plateauFactor.js";

/** What evaluations do to the learning rate: nothing with most schedules. */
export interface Plateau {
  factor(): number;
  observe(loss: number): void;
  /** What a checkpoint keeps of it. */
  state(): { plateau?: PlateauState };
}

/** @param kept where an earlier job's training left it */
export function createPlateau(schedule: ScheduleSelection, kept?: PlateauState): Plateau {
  if (schedule.name !== "reduce_on_plateau") return { factor: () => 1, observe: () => undefined, state: () => ({}) };
  const options = schedule.options as unknown as PlateauOptions;
  let state = kept ?? initialPlateau(options);
  return {
    factor: () => state.factor,
    observe: (loss) => void (state = afterEvaluation(state, loss, options)),
    state: () => ({ plateau: state }),
  };
}
