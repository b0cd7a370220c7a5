import { findOptimizer } from "#core/optimizers/catalogue.js";
import { type ChainElement, use } from "#core/optimizers/chain.js";
import { compileChain, type CompiledChain, gradientPointOf } from "#core/optimizers/compileChain.js";
import { parameterGroups } from "#core/optimizers/parameterGroups.js";
import { partitionParameters } from "#core/optimizers/partitionParameters.js";
import { type ReferenceOptimizer, referenceOptimizer, type ReferenceParameter } from "#core/optimizers/referenceExecutor.js";
import { type ResolvedOptimizer, resolveOptimizer } from "#core/optimizers/resolveOptimizer.js";
import type { StepReport } from "#core/optimizers/runChain.js";
import { validateOptimizer } from "#core/optimizers/validateOptimizer.js";
import { exponentialMovingAverage } from "#core/optimizers/wrappers/exponentialMovingAverage.js";
import { lookahead } from "#core/optimizers/wrappers/lookahead.js";
import { scheduleFree } from "#core/optimizers/wrappers/scheduleFree.js";
import { adaptiveSharpnessAware, sharpnessAware } from "#core/optimizers/wrappers/sharpnessAware.js";
import { stochasticWeightAverage } from "#core/optimizers/wrappers/stochasticWeightAverage.js";
import { factorOf, type GoldenRun, type GoldenWrapper, goldens, gradient, type Point, sampledGradient, shapeOf, start } from "./problems.js";

/** An optimizer of the catalogue on one of the problems, in float64. */
export interface ReferenceRun {
  readonly point: Point;
  readonly parts: readonly { chain: CompiledChain; optimizer: ReferenceOptimizer; parameters: readonly ReferenceParameter[] }[];
  /**
   * Takes one step and returns what each part reports.
   * @param options.factor of the schedule, given instead of the run's; `gradients`, `sampled`: given instead of the problem's
   */
  advance(
    step: number,
    options?: { factor?: number; gradientScale?: number; gradients?: Readonly<Point>; sampled?: Readonly<Point> },
  ): StepReport[];
  /** Where the gradient of this step is taken, from the gradient at the point; left out where it is the point. */
  gradientPoint(gradients: Point, step: number): Point | undefined;
  /** Where the model would be evaluated after the last step. */
  evaluationPoint(): Point;
}

/** What is run: a golden's name, hyperparameters, problem, wrappers and schedule. */
export type RunSetting = Pick<GoldenRun, "optimizer" | "hyperparameters" | "problem" | "wrappers" | "learningRateScales" | "scheduled"> & {
  /** Elements of a chain of one's own, in the place of the optimizer's. */
  chain?: readonly { name: string; hyperparameters: Record<string, unknown> }[];
  /** What the problem's parameters are called where groups go by names. */
  names?: Readonly<Record<string, string>>;
};

/** The chain of a run, its wrappers in it. @throws Error for a name or values that the catalogue does not take */
export function resolveRun({ optimizer: name, hyperparameters: given, wrappers = [], ...rest }: RunSetting): ResolvedOptimizer {
  const { chain: elements, learningRateScales } = rest;
  const { faults, selection } = validateOptimizer({ name, hyperparameters: given, ...(elements && { chain: elements }) }, "optimizer");
  if (faults.length > 0) throw new Error(`cannot run ${name}: ${JSON.stringify(faults)}`);
  const { chain, others, hyperparameters } = resolveOptimizer(selection);
  const wrap = (inner: readonly ChainElement[]) => [...inner, ...wrappers.map(element)];
  const groups = Object.entries(learningRateScales ?? {}).map(([pattern, learningRateScale]) => ({ pattern, learningRateScale }));
  return { chain: wrap(chain), ...(others && { others: wrap(others) }), hyperparameters, groups };
}

/** A run with the oracle's own defaults in the place of ours, which are for fine-tuning. */
export function withOracleDefaults(run: GoldenRun): GoldenRun {
  const names = findOptimizer(run.optimizer)?.hyperparameters.map(({ name }) => name) ?? [];
  const known = Object.entries({ ...goldens.defaults[run.optimizer], ...run.hyperparameters }).filter(
    ([name]) => names.includes(name) || !(name in (goldens.defaults[run.optimizer] ?? {})),
  );
  return { ...run, hyperparameters: Object.fromEntries(known) };
}

/** Starts a run. @throws Error for a name or values that the catalogue does not take */
export function referenceRun(setting: RunSetting): ReferenceRun {
  const { problem } = setting;
  const resolved = resolveRun(setting);
  const { hyperparameters } = resolved;
  const point = start(problem);
  const described = Object.entries(point).map(([parameter, values]) => ({
    name: parameter,
    shape: shapeOf(problem, parameter, values),
    values,
  }));
  const renamed = described.map((each) => ({ ...each, name: setting.names?.[each.name] ?? each.name }));
  const groups = parameterGroups(renamed, resolved.groups);
  const parameters = described.map((each, index): ReferenceParameter => ({ ...each, scalars: groups[index] ?? missing() }));
  const parts = partitionParameters(resolved, parameters).map((partition) => {
    const chain = compileChain(partition.chain, hyperparameters);
    return { chain, optimizer: referenceOptimizer(chain, partition.parameters), parameters: partition.parameters };
  });
  const baseLearningRate = Number(hyperparameters["learning_rate"]);
  let last = { learningRate: baseLearningRate, baseLearningRate, step: 0, gradientScale: 1 };
  const [mover] = parts.flatMap(({ chain }) => (chain.gradientPoint ? [referenceOptimizer(gradientPointOf(chain), parameters)] : []));
  const gradientPoint = (gradients: Point) => mover && merge([mover.gradientPoint(gradients, last)]);
  return {
    point,
    parts,
    advance(step, { factor = factorOf(setting, step), gradientScale = 1, gradients, sampled } = {}) {
      last = { learningRate: baseLearningRate * factor, baseLearningRate, step, gradientScale };
      const at = gradient(problem, point);
      const taken = gradients ?? gradient(problem, gradientPoint(at) ?? point);
      const isSampled = parts.some(({ chain }) => chain.sampledGradientEvery > 0) && problem !== "wide";
      const drawn = sampled ?? (isSampled ? sampledGradient(problem, point, step) : undefined);
      return parts.map(({ optimizer }) => optimizer.update(taken, last, drawn));
    },
    gradientPoint(gradients, step) {
      last = { ...last, step };
      return gradientPoint(gradients);
    },
    evaluationPoint: () => merge(parts.map(({ optimizer }) => optimizer.evaluationPoint(last))),
  };
}

/** A golden's wrapper as an element of a chain. */
function element(wrapper: GoldenWrapper): ChainElement {
  switch (wrapper.name) {
    case "lookahead":
      return use(lookahead, { lookahead_steps: wrapper.steps, lookahead_alpha: wrapper.alpha });
    case "ema":
      return use(exponentialMovingAverage, { ema_decay: wrapper.decay });
    case "swa":
      return use(stochasticWeightAverage, { swa_start: wrapper.start, swa_frequency: wrapper.frequency });
    case "sam":
      return use(sharpnessAware, { sam_rho: wrapper.rho });
    case "asam":
      return use(adaptiveSharpnessAware, { asam_rho: wrapper.rho, asam_eta: wrapper.eta });
    case "schedule_free":
      return use(scheduleFree, { beta1: wrapper.momentum, r: wrapper.r, weight_lr_power: wrapper.weight_lr_power });
  }
}

function merge(maps: readonly ReadonlyMap<string, Float64Array>[]): Point {
  return Object.fromEntries(maps.flatMap((map) => [...map]));
}

function missing(): never {
  throw new Error("a parameter has no scalars");
}
