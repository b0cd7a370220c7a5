import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { type Gradient, storedNumbers } from "../gradient.js";
import type { Parameters } from "../parameters.js";
import { TrainingFailure } from "./trainingFailure.js";

/** What a step had come to when something was not finite. */
export interface StepFacts {
  step: number;
  learningRate: number;
  loss: number;
  /** Updates that were made before. */
  updates: number;
  /** Whether the gradient is taken beside the parameters. */
  movesGradient: boolean;
  parameters: Parameters;
}

const remedies = "To try: a lower learning_rate, a longer warm-up, clipping (max_grad_norm), a larger epsilon where the optimizer has one";
const skip = "; on_nan SKIP leaves such steps out";
const beside =
  "No update was made yet, but the gradient was taken beside the parameters. To try: a smaller sam_rho or asam_rho, or no sharpness-aware wrapper";
const beforeUpdates = "No update was made yet, so learning rate and optimizer are not the cause. To try: another model, other texts";

/** A step whose loss is not finite. Looks at every parameter. */
export function lossFailure(facts: StepFacts): TrainingFailure {
  const broken = describeNonFinite(tensorsOf(facts));
  return broken === undefined
    ? failure("NAN_LOSS", facts, `the loss is ${facts.loss}; every parameter is finite`, skip)
    : failure("NAN_PARAMETER", facts, `the loss is ${facts.loss}, and parameters are not finite either: ${broken}`);
}

/** A step whose loss is finite and whose gradient is not. Looks at every gradient. */
export function gradientFailure(facts: StepFacts, gradNorm: number, gradients: ReadonlyMap<string, Gradient>): TrainingFailure {
  const broken = describeNonFinite(gradients);
  const found =
    broken === undefined
      ? `the gradient's norm is ${gradNorm}, although every gradient is finite: the sum of their squares is too large for float32`
      : `the loss is ${facts.loss} and the gradient is not finite: ${broken}`;
  return failure("NAN_GRADIENT", facts, found, skip);
}

/** A step whose gradient was finite and whose update made parameters that are not; undefined when they are. No later step can mend them. */
export function parameterFailure(facts: StepFacts): TrainingFailure | undefined {
  const broken = describeNonFinite(tensorsOf(facts));
  if (broken === undefined) return undefined;
  const found = `the loss is ${facts.loss} and the gradient finite, but after the update parameters are not: ${broken}`;
  return failure("NAN_PARAMETER", { ...facts, updates: facts.updates + 1 }, found);
}

/** The loss over the validation rows, after a step's update. Looks at every parameter. */
export function validationFailure(facts: StepFacts, loss: number): TrainingFailure {
  const broken = describeNonFinite(tensorsOf(facts));
  const found = broken === undefined ? "every parameter is finite" : `parameters are not finite either: ${broken}`;
  return failure(
    broken === undefined ? "NAN_LOSS" : "NAN_PARAMETER",
    facts,
    `the loss over the validation rows after it is ${loss}; ${found}`,
  );
}

function* tensorsOf({ parameters }: StepFacts): Generator<readonly [string, Tensor]> {
  for (const name of parameters.names) yield [name, parameters.get(name)];
}

function failure(code: string, { step, learningRate, updates, movesGradient }: StepFacts, found: string, more = ""): TrainingFailure {
  const advice = updates > 0 ? remedies : movesGradient ? beside : beforeUpdates;
  const message = `at step ${step}, with learning rate ${learningRate}, ${found}. ${advice}${more}.`;
  return new TrainingFailure({ code, message, step });
}

/** The first tensor with values that are not finite, and how many more there are; undefined when all are finite. */
function describeNonFinite(tensors: Iterable<readonly [string, Gradient]>): string | undefined {
  let first: string | undefined;
  let others = 0;
  for (const [name, tensor] of tensors) {
    const values = storedNumbers(tensor).dataSync<"float32">();
    let count = 0;
    for (const value of values) if (!Number.isFinite(value)) count += 1;
    if (count === 0) continue;
    if (first === undefined) first = `${count} of ${values.length} values of "${name}"`;
    else others += 1;
  }
  return first === undefined || others === 0 ? first : `${first}, and values of ${others} more`;
}
